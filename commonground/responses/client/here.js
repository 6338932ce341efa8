// Where a union hosts this page: the hash of the paper, the address of the survey.
export const PAPER = "";
export const DOOR = "";
