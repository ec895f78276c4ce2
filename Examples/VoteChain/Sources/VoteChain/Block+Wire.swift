import Wire

// The parts of the two messages, field by field. A field without which there is no value is asked for at the end.

extension Block {
    func write(to body: inout BodyWriter) {
        body.number(1, slot)
        body.number(2, parent.height)
        body.number(3, parent.slot)
        body.bytes32(4, parent.hash.bytes)
    }

    init(reading body: inout BodyReader) throws(MessageFault) {
        var (slot, parentHeight, parentSlot): (UInt64, UInt64, UInt64) = (0, 0, 0)
        var hash: Bytes32?
        while let field = try body.next() {
            switch field {
            case 1: slot = try body.number()
            case 2: parentHeight = try body.number()
            case 3: parentSlot = try body.number()
            case 4: hash = try body.bytes32()
            default: break
            }
        }
        guard let hash else { throw .outOfRange("a block has no parent") }
        let parent = BlockTip(height: parentHeight, slot: parentSlot, hash: BlockHash(bytes: hash))
        self.init(slot: slot, parent: parent)
    }
}

extension Vote {
    func write(to body: inout BodyWriter) {
        body.number(1, slot)
        body.bytes32(2, hash.bytes)
        body.identity(3, voter)
        body.signature(4, signature)
    }

    init(reading body: inout BodyReader) throws(MessageFault) {
        var slot: UInt64 = 0
        var hash: Bytes32?
        var voter: Identity?
        var signature = Signature.none
        while let field = try body.next() {
            switch field {
            case 1: slot = try body.number()
            case 2: hash = try body.bytes32()
            case 3: voter = try body.identity()
            case 4: signature = try body.signature()
            default: break
            }
        }
        guard let hash, let voter else { throw .outOfRange("a vote has no block or no voter") }
        self.init(slot: slot, hash: BlockHash(bytes: hash), voter: voter, signature: signature)
    }
}

extension Proposal {
    func write(to body: inout BodyWriter) {
        body.message(1) { block.write(to: &$0) }
        body.signature(2, signature)
        guard let parent else { return }
        body.message(3) { parent.block.write(to: &$0) }
        for vote in parent.votes { body.message(4) { vote.write(to: &$0) } }
    }

    init(reading body: inout BodyReader) throws(MessageFault) {
        var (block, parent): (Block?, Block?) = (nil, nil)
        var votes: [Vote] = []
        var signature = Signature.none
        while let field = try body.next() {
            switch field {
            case 1: block = try body.message { inner throws(MessageFault) in try Block(reading: &inner) }
            case 2: signature = try body.signature()
            case 3: parent = try body.message { inner throws(MessageFault) in try Block(reading: &inner) }
            case 4:
                try body.append(to: &votes, atMost: Certificate.maximumVotes, "votes") { inner throws(MessageFault) in
                    try Vote(reading: &inner)
                }
            default: break
            }
        }
        guard let block else { throw .outOfRange("a proposal has no block") }
        self.init(block: block, signature: signature, parent: parent.map { Certificate(block: $0, votes: votes) })
    }
}
