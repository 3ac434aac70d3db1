import { describeMatrix, HARMS, STUBBORN_HARMS } from "./matrix.ts";
import { AFTER_REJECTION, CLOSE, COMMIT, EDITED, MERGED } from "./scenarios.ts";

describeMatrix(CLOSE, [...HARMS, ...STUBBORN_HARMS]);
describeMatrix(COMMIT, HARMS);
describeMatrix(MERGED, STUBBORN_HARMS);
describeMatrix(EDITED, STUBBORN_HARMS);
describeMatrix(AFTER_REJECTION, STUBBORN_HARMS);
