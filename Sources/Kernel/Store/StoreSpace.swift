/// The part of a store that one module has for itself: no other module can name a row in it.
///
/// The kernel adds it to what a module asks; a module never says it.
public struct StoreSpace: Sendable, Hashable {
    /// What a space is known by, in a store and in traces.
    public struct Name: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// The role's word.
        public let role: String
        /// The module's id.
        public let module: String

        public init(role: String, module: String) {
            self.role = role
            self.module = module
        }

        /// `consensus/slot-leader`.
        public var description: String { "\(role)/\(module)" }

        public static func < (left: Name, right: Name) -> Bool {
            (left.role, left.module) < (right.role, right.module)
        }
    }

    public let name: Name
    /// The form of the module's keys and values (`PersistingPolicy.storeFormat`). The store keeps it beside the rows.
    public let format: UInt32

    public init(_ name: Name, format: UInt32) {
        self.name = name
        self.format = format
    }
}
