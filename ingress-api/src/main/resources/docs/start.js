// A file of its own, because the page's Content-Security-Policy lets no script stand in the page itself.
SwaggerUIBundle({
  url: 'v3/api-docs',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { theme: 'idea' },
});
