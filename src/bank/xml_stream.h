#pragma once
#include "bank/file_fault.h"
#include "bank/schemas.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace bank {

/// Gives the next bytes of a file: fills the buffer from its start and returns how many; 0 at the end.
using ByteSource = std::function<std::size_t(std::span<char>)>;

/// The bytes of a text, which must live as long as the source.
ByteSource bytes_of(std::string_view text);

struct XmlLimits {
    std::int64_t bytes{std::int64_t{20} << 20}; ///< of the file
    int depth{64};                              ///< of nested elements, the root is 1
};

/// Takes the elements of a document, in its order.
class ElementHandler {
public:
    virtual ~ElementHandler() = default;

    /// The root's namespace is known: the first call.
    virtual void begin(Message message) = 0;

    /// An element of the document's own namespace opens; of its attributes only Ccy is of interest. Foreign elements open
    /// with an empty name.
    virtual void open(std::string_view name, std::string_view currency, std::int64_t line) = 0;

    /// The element opened last closes; `text` is what stood in it, if it has no elements.
    virtual void close(std::string_view text, std::int64_t line) = 0;
};

/// Reads one document in a stream, in memory that does not grow with it, and validates it by its schema on the way. Takes
/// UTF-8, UTF-16, ISO-8859-1 and US-ASCII; no document type, no entity but the predefined five, no inclusion, no network.
/// @returns why the document is refused; what the handler has taken until then is void. @throws what source and handler throw.
std::optional<FileFault> read_xml(
    const ByteSource& source, const XmlLimits& limits, std::span<const Message> accepted, ElementHandler& handler);

} // namespace bank
