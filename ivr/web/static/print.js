// Prints the slip with a visitor's number.
document.getElementById("print")?.addEventListener("click", () => window.print());
