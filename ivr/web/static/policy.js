// What may become HTML on our pages: what our own server sent. Scripts may come from nowhere but /static.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
