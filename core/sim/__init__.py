"""An exchange in a box: speaks the exchange's WebSocket and REST on a loopback port.

`coins`, `listing` say what there is; `value`, `past` what ever happened; `book`, `live`, `floor` the present;
`frames`, `spell`, `pages` how it is told; `session`, `rest`, `door`, `exchange` to whom.
"""

HISTORY = 1  # another number where the same seed makes another past: what is kept of the old one is no longer true
