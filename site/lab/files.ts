/** Files that leave the page, to the user's own disk. */

/** Dots an inch of a picture; a drawing has 96 for the browser. */
const dots = 300;

/** Lets the browser save bytes under a name. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * A drawing as a picture of 300 dots an inch.
 *
 * @throws {Error} if the browser does not draw it
 */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * dots / 96);
  canvas.height = Math.round(image.naturalHeight * dots / 96);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) =>
        blob
          ? resolve(blob)
          : reject(new Error("Cannot draw the picture: the browser gave none")),
      "image/png",
    )
  );
}
