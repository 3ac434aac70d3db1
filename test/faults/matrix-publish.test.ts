import { describeMatrix, HARMS, STUBBORN_HARMS } from "./matrix.ts";
import { AFTER_MERGE, APPEND, BASE_MOVED, CREATE } from "./scenarios.ts";

describeMatrix(CREATE, [...HARMS, ...STUBBORN_HARMS], ["github", "primary"]);
describeMatrix(APPEND, HARMS);
describeMatrix(BASE_MOVED, STUBBORN_HARMS);
describeMatrix(AFTER_MERGE, STUBBORN_HARMS);
