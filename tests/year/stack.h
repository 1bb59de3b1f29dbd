#pragma once
#include "../api/site.h"
#include "domain/calendar.h"

#include <cstdint>
#include <string>

// The demo's stack on its test clock: a day is begun, and over when nothing is left to be done.
namespace year {

using domain::Day;

/// Nine in the morning of the day, and the worker's work of that day done.
void live_through(Day day);

/// The one number or text that a SELECT gives, by the stack's own database.
std::string query(const std::string& sql);

/// An operator's command; its output.
std::string uncloud(const std::string& arguments);

/// The text of a PDF file as a reader sees it.
std::string text_of_pdf(const std::string& bytes);

/// `text` without blanks, so that how numbers are set apart does not matter.
std::string without_blanks(const std::string& text);

} // namespace year
