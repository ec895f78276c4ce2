/// What one detector did in one case, over all its runs.
public struct DetectorFigures: Sendable {
    /// Seconds from a fault's strike until an end of a useless link dropped it.
    public var detections: [Double] = []
    /// Ends that had not by the time the fault was over.
    public var missed = 0
    /// Ends that dropped a link which was all right.
    public var falseCuts = 0
    /// Messages that all nodes sent.
    public var messages = 0
    /// Virtual hours.
    public var hours: Double = 0
    public var nodes = 0

    public init() {}

    /// Takes another run in.
    public mutating func add(_ other: DetectorFigures) {
        detections += other.detections
        missed += other.missed
        falseCuts += other.falseCuts
        messages += other.messages
        hours += other.hours
        nodes = max(nodes, other.nodes)
    }

    /// Ends that had something to notice.
    public var occasions: Int { detections.count + missed }

    /// The wait within which that share of all occasions was noticed; nil where fewer ever were.
    func wait(_ share: Double) -> Double? {
        guard occasions > 0, Double(detections.count) >= share * Double(occasions) else { return nil }
        let sorted = detections.sorted()
        return sorted[min(sorted.count - 1, Int(share * Double(occasions)))]
    }
}
