/** The values that clients know (horde_model_reference/meta_consts). */

/** v1's names of baselines that v2 calls otherwise. */
export const RENAMED_BASELINES: ReadonlyMap<string, string> = new Map([
  ["stable diffusion 1", "stable_diffusion_1"],
  ["stable diffusion 2", "stable_diffusion_2_768"],
  ["stable diffusion 2 512", "stable_diffusion_2_512"],
]);

/** Baselines as v2 calls them. A record with another one would make a client refuse the whole category. */
export const BASELINES: readonly string[] = [
  "infer",
  "stable_diffusion_1",
  "stable_diffusion_2_768",
  "stable_diffusion_2_512",
  "stable_diffusion_xl",
  "stable_cascade",
  "flux_1",
  "flux_schnell",
  "flux_dev",
  "qwen_image",
  "z_image_turbo",
];

/** Other names of baselines that clients know and v2 leaves as they are. */
export const BASELINE_ALIASES: readonly string[] = [
  "stable diffusion 1.4",
  "stable diffusion 1.5",
  "SD1",
  "SD14",
  "SD1.4",
  "SD15",
  "SD1.5",
  "stable_diffusion",
  "stable_diffusion_1.4",
  "stable_diffusion_1.5",
  "stable diffusion xl",
  "SDXL",
  "stable cascade",
  "flux schnell",
  "flux dev",
  "qwen image",
  "qwen-image",
  "qwen",
  "z image turbo",
  "zimage-turbo",
  "zimage",
];

/** Styles of image models. */
export const IMAGE_STYLES: readonly string[] = ["generalist", "anime", "furry", "artistic", "other", "realistic"];

export const CONTROLNET_STYLES: readonly string[] = [
  "control_seg",
  "control_scribble",
  "control_fakescribbles",
  "control_openpose",
  "control_normal",
  "control_mlsd",
  "control_hough",
  "control_hed",
  "control_canny",
  "control_depth",
  "control_qr",
  "control_qr_xl",
  "control_lineart",
  "control_lineart_anime",
  "control_normal_bae",
  "control_recolor",
  "control_tile",
];
