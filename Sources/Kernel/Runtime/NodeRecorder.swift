import Wire

/// Takes down what a node is told and what it does, so that a run can be replayed.
///
/// A driver that has one calls it for everything that changes the node; one that has none pays a comparison with nil.
package protocol NodeRecorder: AnyObject, Sendable {
    /// The signer to give to the node: what a key signs cannot be made again without the key, so it is recorded.
    func recording(_ signer: any Signer) -> any Signer

    /// The node is made and has had no input.
    func began(_ node: Node)

    /// The node has other modules or another network now, and its effects of that are not carried out yet.
    func reloaded(_ node: Node, at now: Instant)

    /// The node gave an incoming connection its generation.
    func admitted(_ link: LinkID, from remote: Endpoint, at now: Instant)

    /// The node took an input; its effects are what followed, and nothing of them is carried out yet.
    func handled(_ input: Input, at now: Instant, wall: WallTime, by node: Node)
}
