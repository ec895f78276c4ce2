import Wire

/// Which peers a discovery module wants: what it said last.
public struct ModuleWishes: Sendable, Hashable, Codable {
    /// The module, as `discovery peer-fill`.
    public let module: String
    /// In the module's order.
    public let wishes: [Wish]
    /// When it said so, by the node's wall clock.
    public let at: WallTime

    public init(module: String, wishes: [Wish], at: WallTime) {
        self.module = module
        self.wishes = wishes
        self.at = at
    }
}
