"""The systems that can be measured, by name."""

from systems.cometbft import CometBFT
from systems.libp2p import Libp2p
from systems.litecoin import Litecoin
from systems.nats import Nats
from systems.serf import Serf
from systems.timenode import Keepalive, Timenode, TimenodeTLS

ALL = {
    system.name: system
    for system in [Timenode, Keepalive, TimenodeTLS, Serf, Libp2p, Nats, CometBFT, Litecoin]
}
