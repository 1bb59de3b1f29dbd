#include "store/sql.h"

#include <stdexcept>

namespace store {
namespace {

template <class Value> Value required(std::optional<Value> value, const char* what)
{
    if (!value) throw std::runtime_error{std::string{"a column does not hold "} + what};
    return *std::move(value);
}

} // namespace

std::string to_sql(domain::Date date) { return domain::to_text(date); }

std::optional<std::string> to_sql(const std::optional<domain::Date>& date)
{
    if (!date) return std::nullopt;
    return to_sql(*date);
}

std::string to_sql(domain::Instant instant)
{
    auto text = domain::to_text(instant);
    text[10] = ' ';
    text.pop_back(); // the Z
    return text;
}

domain::Date date_of(const std::string& text) { return required(domain::date_from(text), "a date"); }

domain::Instant instant_of(const std::string& text)
{
    auto rfc3339 = text + 'Z';
    if (rfc3339.size() > 10) rfc3339[10] = 'T';
    return required(domain::instant_from(rfc3339), "an instant");
}

std::optional<domain::Instant> instant_of(const std::optional<std::string>& text)
{
    if (!text) return std::nullopt;
    return instant_of(*text);
}

domain::Uuid uuid_of(const std::string& text) { return required(domain::Uuid::parse(text), "a UUID"); }

domain::Money money_of(std::int64_t minor, const std::string& currency)
{
    return {minor, required(domain::currency_from(currency), "a currency")};
}

} // namespace store
