#include "bank/xml_stream.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstring>
#include <exception>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlschemas.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace bank {
namespace {

/// A tag, comment, text or attribute may be this large. libxml2 compares each attribute of a tag with every other, so
/// that a tag of megabytes would take hours.
constexpr std::size_t largest_piece = std::size_t{64} << 10;

constexpr std::size_t chunk_size = std::size_t{16} << 10;

std::string_view view(const xmlChar* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

std::string one_line(const char* message)
{
    std::string text{message ? message : "no reason given"};
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
    return text.substr(0, 300);
}

xmlParserInput* load_nothing(const char*, const char*, xmlParserCtxt*) { return nullptr; }

void print_nothing(void*, const char*, ...) {}

void prepare_library()
{
    xmlSetGenericErrorFunc(nullptr, print_nothing); // of this thread; decoders complain to standard error
    static const bool prepared = [] {
        xmlInitParser();
        xmlSetExternalEntityLoader(load_nothing);
        return true;
    }();
    static_cast<void>(prepared);
}

/// What the first bytes say of the encoding, before libxml2 may hand them to any of the many decoders of iconv.
std::optional<std::string> fault_of_encoding(std::string_view bytes)
{
    if (bytes.size() >= 2 && bytes[0] == 0 && bytes[1] == 0) return "the encoding is none of UTF-8, UTF-16, ISO-8859-1";
    if (bytes.size() >= 4 && bytes[2] == 0 && bytes[3] == 0) return "the encoding is none of UTF-8, UTF-16, ISO-8859-1";
    std::string head;
    for (const char byte : bytes.substr(0, 512))
        if (byte != 0) head += byte; // UTF-16 of what is ASCII
    for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"})
        if (head.starts_with(mark)) head.erase(0, mark.size());
    if (!head.starts_with("<?xml")) return std::nullopt; // UTF-8, or libxml2 finds no document
    const auto declaration = std::string_view{head}.substr(0, head.find("?>"));
    const auto found = declaration.find("encoding");
    if (found == std::string_view::npos) return std::nullopt;
    const auto open = declaration.find_first_of("\"'", found);
    if (open == std::string_view::npos) return "the encoding is not named";
    std::string name{declaration.substr(open + 1, declaration.find(declaration[open], open + 1) - open - 1)};
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    constexpr std::array known{"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII", "ASCII"};
    if (std::ranges::find(known, name) != known.end()) return std::nullopt;
    return "the encoding is none of UTF-8, UTF-16, ISO-8859-1";
}

/// Validates what it is told of a document.
class Validation {
public:
    Validation(Message message, std::function<void(const char*)> complain)
        : complain_{std::move(complain)}, context_{xmlSchemaNewValidCtxt(schema_of(message)), &xmlSchemaFreeValidCtxt}
    {
        if (!context_) throw std::bad_alloc{};
        xmlSchemaSetValidStructuredErrors(context_.get(), on_error, this);
        plug_ = xmlSchemaSAXPlug(context_.get(), &handler_, &data_);
        if (!plug_) throw std::runtime_error{"cannot validate in a stream"};
    }

    ~Validation() { xmlSchemaSAXUnplug(plug_); }

    Validation(const Validation&) = delete;
    Validation& operator=(const Validation&) = delete;

    void open(const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespaces, const xmlChar** namespace_list,
        int attributes, int defaulted, const xmlChar** attribute_list)
    {
        handler_->startElementNs(data_, name, prefix, uri, namespaces, namespace_list, attributes, defaulted, attribute_list);
    }

    void text(const xmlChar* text, int size) { handler_->characters(data_, text, size); }

    void close(const xmlChar* name, const xmlChar* prefix, const xmlChar* uri) { handler_->endElementNs(data_, name, prefix, uri); }

private:
    static void on_error(void* self, xmlError* error)
    {
        if (error->level > XML_ERR_WARNING) static_cast<Validation*>(self)->complain_(error->message);
    }

    std::function<void(const char*)> complain_;
    std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context_;
    xmlSAXHandler* handler_{nullptr};
    void* data_{nullptr};
    xmlSchemaSAXPlugPtr plug_{nullptr};
};

/// One document on its way through libxml2's push parser.
class Stream {
public:
    Stream(const XmlLimits& limits, std::span<const Message> accepted, ElementHandler& handler)
        : limits_{limits}, accepted_{accepted}, handler_{handler}
    {
        prepare_library();
        xmlSAXHandler sax{};
        sax.initialized = XML_SAX2_MAGIC;
        sax.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
            static_cast<Stream*>(self)->refuse(FaultCode::dtd_forbidden, "there is a document type");
        };
        sax.startElementNs = on_open;
        sax.endElementNs = on_close;
        sax.characters = sax.ignorableWhitespace = sax.cdataBlock = on_text;
        parser_.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
        if (!parser_) throw std::bad_alloc{};
        xmlCtxtUseOptions(parser_.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    }

    std::optional<FileFault> read(const ByteSource& source)
    {
        std::array<char, chunk_size> chunk{};
        while (!fault_ || !ends_all(*fault_)) {
            const auto size = fill(source, chunk);
            feed(std::string_view{chunk.data(), size}, size < chunk.size());
            if (size < chunk.size()) break;
        }
        return std::move(fault_);
    }

private:
    /// A fault of the XML itself ends reading; after one of what it says reading goes on, as the XML may be faulty too.
    static bool ends_all(const FileFault& fault)
    {
        return fault.code != FaultCode::xsd_invalid && fault.code != FaultCode::namespace_unsupported;
    }

    static std::size_t fill(const ByteSource& source, std::span<char> chunk)
    {
        std::size_t size = 0;
        while (size < chunk.size()) {
            const auto got = source(chunk.subspan(size));
            if (got == 0) break;
            size += got;
        }
        return size;
    }

    void feed(std::string_view bytes, bool last)
    {
        if (read_ == 0) {
            if (const auto fault = fault_of_encoding(bytes)) return refuse(FaultCode::xml_malformed, *fault);
        }
        read_ += static_cast<std::int64_t>(bytes.size());
        if (read_ > limits_.bytes)
            return refuse(FaultCode::too_large, "the file has more than " + std::to_string(limits_.bytes) + " bytes");
        xmlParseChunk(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
        if (thrown_) std::rethrow_exception(thrown_);
        if (fault_ && ends_all(*fault_)) return;
        if (!parser_->wellFormed || !parser_->nsWellFormed) return refuse(FaultCode::xml_malformed, reason());
        if (unparsed() > largest_piece) refuse(FaultCode::too_large, "a tag or comment has more than 65536 bytes");
    }

    std::string reason() const
    {
        const auto* error = xmlCtxtGetLastError(parser_.get());
        return one_line(error ? error->message : nullptr);
    }

    std::size_t unparsed() const
    {
        const auto* input = parser_->input;
        return input ? static_cast<std::size_t>(input->end - input->cur) : 0;
    }

    std::int64_t line() const { return xmlSAX2GetLineNumber(parser_.get()); }

    void refuse(FaultCode code, const std::string& detail)
    {
        if (fault_ && ends_all(*fault_)) return;
        fault_ = FileFault{.code = code, .detail = detail, .line = read_ == 0 ? 0 : line()};
        if (ends_all(*fault_)) xmlStopParser(parser_.get());
    }

    /// Runs a part of a callback: no exception may cross libxml2.
    template <class Part> void guarded(Part&& part)
    {
        if (thrown_ || (fault_ && ends_all(*fault_))) return;
        try {
            part();
        } catch (...) {
            thrown_ = std::current_exception();
            xmlStopParser(parser_.get());
        }
    }

    static void on_open(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespaces,
        const xmlChar** namespace_list, int attributes, int defaulted, const xmlChar** attribute_list)
    {
        auto& stream = *static_cast<Stream*>(self);
        stream.guarded([&] {
            if (stream.depth_ == 0) stream.begin(view(uri));
            if (++stream.depth_ > stream.limits_.depth)
                stream.refuse(FaultCode::xml_too_deep, "elements are nested more than " + std::to_string(stream.limits_.depth) + " deep");
            if (stream.fault_ && ends_all(*stream.fault_)) return;
            stream.text_.clear();
            if (stream.validation_)
                stream.validation_->open(name, prefix, uri, namespaces, namespace_list, attributes, defaulted, attribute_list);
            if (!stream.fault_)
                stream.handler_.open(view(uri) == stream.namespace_ ? view(name) : "", currency(attributes, attribute_list), stream.line());
        });
    }

    static void on_text(void* self, const xmlChar* text, int size)
    {
        auto& stream = *static_cast<Stream*>(self);
        stream.guarded([&] {
            if (stream.text_.size() + static_cast<std::size_t>(size) > largest_piece)
                return stream.refuse(FaultCode::too_large, "a text has more than 65536 bytes");
            stream.text_.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
            if (stream.validation_) stream.validation_->text(text, size);
        });
    }

    static void on_close(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri)
    {
        auto& stream = *static_cast<Stream*>(self);
        stream.guarded([&] {
            if (stream.validation_) stream.validation_->close(name, prefix, uri);
            if (!stream.fault_) stream.handler_.close(stream.text_, stream.line());
            stream.text_.clear();
            --stream.depth_;
        });
    }

    static std::string_view currency(int attributes, const xmlChar** list)
    {
        for (int i = 0; i < attributes; ++i) { // name, prefix, namespace, begin and end of the value
            const auto* attribute = list + i * 5;
            if (!attribute[2] && view(attribute[0]) == "Ccy")
                return {reinterpret_cast<const char*>(attribute[3]), static_cast<std::size_t>(attribute[4] - attribute[3])};
        }
        return {};
    }

    void begin(std::string_view xml_namespace)
    {
        const auto message = message_of(xml_namespace);
        if (!message || std::ranges::find(accepted_, *message) == accepted_.end())
            return refuse(FaultCode::namespace_unsupported,
                xml_namespace.empty() ? "the document has no namespace" : "the namespace is " + std::string{xml_namespace.substr(0, 100)});
        namespace_ = namespace_of(*message);
        validation_.emplace(*message, [this](const char* complaint) {
            if (!fault_) refuse(FaultCode::xsd_invalid, one_line(complaint));
        });
        handler_.begin(*message);
    }

    const XmlLimits limits_;
    const std::span<const Message> accepted_;
    ElementHandler& handler_;
    std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser_{nullptr, &xmlFreeParserCtxt};
    std::optional<Validation> validation_{};
    std::string_view namespace_{};
    std::string text_{};
    int depth_{0};
    std::int64_t read_{0};
    std::optional<FileFault> fault_{};
    std::exception_ptr thrown_{};
};

} // namespace

ByteSource bytes_of(std::string_view text)
{
    return [text](std::span<char> buffer) mutable {
        const auto size = std::min(text.size(), buffer.size());
        std::memcpy(buffer.data(), text.data(), size);
        text.remove_prefix(size);
        return size;
    };
}

std::optional<FileFault> read_xml(
    const ByteSource& source, const XmlLimits& limits, std::span<const Message> accepted, ElementHandler& handler)
{
    return Stream{limits, accepted, handler}.read(source);
}

} // namespace bank
