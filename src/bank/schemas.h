#pragma once
#include <optional>
#include <string_view>

typedef struct _xmlSchema xmlSchema; // NOLINT(bugprone-reserved-identifier): libxml2 calls it so

// The ISO 20022 message schemas (xsd/), compiled into the program: validation needs no file and no network.
namespace bank {

/// The messages that are read or written.
enum class Message { camt_053_001_04, camt_053_001_08, camt_054_001_04, camt_054_001_08, pain_001_001_09 };

/// The message whose documents have this namespace, or nullopt.
std::optional<Message> message_of(std::string_view xml_namespace);

/// "urn:iso:std:iso:20022:tech:xsd:camt.053.001.04".
std::string_view namespace_of(Message message);

/// The parsed schema. It is parsed once and lives as long as the program; any number of threads may validate by it.
xmlSchema* schema_of(Message message);

} // namespace bank
