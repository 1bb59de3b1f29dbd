#include "bank/schemas.h"

#include <array>
#include <cstdarg>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <memory>
#include <mutex>
#include <stdexcept>

// Paths are relative to the root of the repository, where the build runs.
#define EMBED(symbol, file)                                                                                                                \
    asm(".section .rodata\n.global " #symbol "_begin\n" #symbol "_begin:\n.incbin \"src/bank/xsd/" file "\"\n.global " #symbol             \
        "_end\n" #symbol "_end:\n.byte 0\n.previous\n");                                                                                   \
    extern "C" const char symbol##_begin[], symbol##_end[];

EMBED(schema_camt_053_001_04, "camt.053.001.04.xsd")
EMBED(schema_camt_053_001_08, "camt.053.001.08.xsd")
EMBED(schema_camt_054_001_04, "camt.054.001.04.xsd")
EMBED(schema_camt_054_001_08, "camt.054.001.08.xsd")
EMBED(schema_pain_001_001_09, "pain.001.001.09.xsd")

#undef EMBED

namespace bank {
namespace {

struct Known {
    std::string_view xml_namespace;
    const char* begin;
    const char* end;
};

/// In the order of Message.
const std::array known{
    Known{"urn:iso:std:iso:20022:tech:xsd:camt.053.001.04", schema_camt_053_001_04_begin, schema_camt_053_001_04_end},
    Known{"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", schema_camt_053_001_08_begin, schema_camt_053_001_08_end},
    Known{"urn:iso:std:iso:20022:tech:xsd:camt.054.001.04", schema_camt_054_001_04_begin, schema_camt_054_001_04_end},
    Known{"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08", schema_camt_054_001_08_begin, schema_camt_054_001_08_end},
    Known{"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", schema_pain_001_001_09_begin, schema_pain_001_001_09_end},
};

xmlSchema* parse(const Known& schema)
{
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> context{
        xmlSchemaNewMemParserCtxt(schema.begin, static_cast<int>(schema.end - schema.begin)), &xmlSchemaFreeParserCtxt};
    auto* parsed = context ? xmlSchemaParse(context.get()) : nullptr;
    if (!parsed) throw std::runtime_error{"cannot parse the schema of " + std::string{schema.xml_namespace}};
    return parsed;
}

} // namespace

std::optional<Message> message_of(std::string_view xml_namespace)
{
    for (std::size_t i = 0; i < known.size(); ++i)
        if (known[i].xml_namespace == xml_namespace) return static_cast<Message>(i);
    return std::nullopt;
}

std::string_view namespace_of(Message message) { return known[static_cast<std::size_t>(message)].xml_namespace; }

xmlSchema* schema_of(Message message)
{
    static std::mutex parsing;
    static std::array<std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)>, known.size()> schemas{{
        {nullptr, &xmlSchemaFree},
        {nullptr, &xmlSchemaFree},
        {nullptr, &xmlSchemaFree},
        {nullptr, &xmlSchemaFree},
        {nullptr, &xmlSchemaFree},
    }};
    const std::scoped_lock lock{parsing};
    auto& schema = schemas[static_cast<std::size_t>(message)];
    if (!schema) schema.reset(parse(known[static_cast<std::size_t>(message)]));
    return schema.get();
}

} // namespace bank
