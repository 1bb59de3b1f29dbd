#include "document/unprintable.h"

namespace document {
namespace {

std::string reason(std::optional<QrFault> fault)
{
    if (!fault || fault == QrFault::charset) return "has characters that cannot be printed; write it in Latin letters";
    return "does not suit a QR-bill (" + std::string{to_text(*fault)} + ")";
}

} // namespace

Unprintable::Unprintable(const std::string& field, std::optional<QrFault> fault)
    : std::runtime_error{field + " " + reason(fault)}, field_{field}, fault_{fault}
{
}

} // namespace document
