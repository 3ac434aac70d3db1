/** The columns of models.csv, without a line end. */
export const HEADER = "name,parameters_bn,display_name,url,baseline,description,style,tags,instruct_format,settings";
