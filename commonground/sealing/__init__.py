"""Sealing: how an answer is locked so that nobody, alone, can read it or tell whose it is.

Pure Python on `cryptography`; it needs no database, no server and no Django, so that anyone can run it alone.

Words: an answer is *sealed* in layers, the innermost to the *counting key*, then one to each *party* in
reverse *peel order*. A *keeper* opens a party's seal with the words of an *opening sheet*. To *peel* a list
is to take one layer off every item and to sort what comes out. A *pass* is the right to answer once, signed
*blind*: whoever signed it cannot tell whose it is.

Promises: every format is one fixed run of bytes; whoever peels a list gets the same bytes; nothing is stored.
Import from the files: blind, passes, codes, answers, formats, hpke, seals, paper, lists, peel, keeper, tally_open,
verify.
"""
