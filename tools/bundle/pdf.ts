/** The libraries that make PDF files, for a bundle. */
export { default as Document } from "pdfkit";
export { default as draw } from "svg-to-pdfkit";
export { default as decompress } from "woff2-encoder/decompress";
