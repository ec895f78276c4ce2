extension BodyWriter {
    /// An address and a port.
    public mutating func endpoint(_ field: UInt64, _ value: Endpoint) {
        message(field) {
            $0.bytes(1, value.ip.bytes)
            $0.number(2, value.port)
        }
    }
}

extension BodyReader {
    /// An address and a port. The address has 4 bytes or 16.
    public mutating func endpoint() throws(MessageFault) -> Endpoint {
        try message { body throws(MessageFault) in
            var address: IPAddress?
            var port: UInt16 = 0
            while let field = try body.next() {
                switch field {
                case 1: address = IPAddress(bytes: try body.bytes(atMost: 16))
                case 2:
                    let number = try body.number()
                    guard let value = UInt16(exactly: number) else {
                        throw .outOfRange("a port is \(number); it is at most 65535")
                    }
                    port = value
                default: break
                }
            }
            guard let address else { throw .outOfRange("an address has 4 bytes or 16") }
            return Endpoint(ip: address, port: port)
        }
    }
}
