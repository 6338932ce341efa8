// Filled in where a union hosts this page itself: the hash of the paper, and the address of the survey.
export const PAPER = "";
export const DOOR = "";
