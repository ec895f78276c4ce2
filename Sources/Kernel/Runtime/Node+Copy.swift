// A node twice, for whoever looks at everything that could happen to it.

extension Node {
    /// A node in the same state, which from here on goes its own way.
    ///
    /// Unlike a checkpoint it takes along whatever a policy keeps outside its `state`, and `effects` that nobody has
    /// taken yet; and it costs no coding.
    package func copy() -> Node {
        Node(NodeMachine(copying: machine))
    }

    /// The links policy as it is now.
    package var linksPolicy: any LinksPolicy { machine.links }

    /// Every timer that is set, in the order of firing.
    package var timers: [NodeCheckpoint.Timer] { machine.context.timers.settings }
}

extension NodeMachine {
    fileprivate init(copying other: borrowing NodeMachine) {
        context = Context(copying: other.context)
        links = other.links
        liveness = other.liveness
        consensus = other.consensus
        discovery = other.discovery
        workloads = other.workloads
        livenessObservesTraffic = other.livenessObservesTraffic
        linksMeterTraffic = other.linksMeterTraffic
    }
}
