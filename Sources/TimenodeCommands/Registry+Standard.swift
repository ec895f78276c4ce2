import Application
import Consensus
import Discovery
import Kernel
import Links
import Liveness
import RPC
import Store
import Transport

extension Registry {
    /// Every module that this program ships with.
    public static let standard = Registry([
        TCPTransport.descriptor, TLSTransport.descriptor,
        SingleLink.descriptor, SplitRegistry.descriptor,
        MasternodePriority.descriptor, PeerFill.descriptor, StaticPeers.descriptor, Gossip.descriptor,
        DNSSeeds.descriptor,
        PingPong.descriptor, TCPKeepalive.descriptor, Layered.descriptor, PhiAccrual.descriptor, Swim.descriptor,
        NoLiveness.descriptor,
        SlotLeader.descriptor,
        Traffic.descriptor,
        MemoryStore.descriptor,
        HTTPServer.descriptor,
    ])
}
