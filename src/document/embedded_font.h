#pragma once
#include "document/fonts.h"
#include "document/pdf_objects.h"

#include <set>

namespace document {

/// Puts a font with these glyphs into the file: a composite font whose codes are glyph ids of two bytes, with the map to
/// the characters by which text is searched and copied (ISO 32000-1, 9.7 and 9.10). Returns the font's object.
int embed(PdfObjects& objects, const Face& face, const std::set<std::uint16_t>& glyphs);

} // namespace document
