"""What every module may use and no district has heard of: time, errors, text, charts, documents, page parts."""
