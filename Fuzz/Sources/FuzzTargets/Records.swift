import Discovery
import Wire

extension FuzzTarget {
    /// A signed address as it lies in a store: the bytes are those of the one record that they are, and the record can
    /// be sent and read.
    static let records = FuzzTarget(
        name: "records",
        seeds: {
            var short = Samples.record
            short.endpoints.removeLast()
            return [
                Seed(name: "two", bytes: Samples.record.storedBytes), Seed(name: "one", bytes: short.storedBytes),
            ]
        },
        run: { bytes in
            guard let record = AddressRecord(storedBytes: bytes) else { return }
            promise(record.storedBytes == bytes, "other bytes are the same record: \(record)")
            let body = GossipMessage.addresses([record]).encodedBody
            let read = try? GossipMessage.decoded(.addresses, from: body)
            promise(read?.message == .addresses([record]), "\(record) changes")
        }
    )
}
