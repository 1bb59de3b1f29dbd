#include "http/form.h"

#include <algorithm>
#include <cmath>

namespace http {
namespace {

constexpr std::int64_t power_of_ten(int exponent)
{
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

/// "-12.5" with up to `decimals` digits after the point, scaled by 10^decimals; nullopt for anything else.
std::optional<std::int64_t> scaled_from(std::string_view text, int decimals)
{
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (whole.empty() || whole.size() > 12 || !std::ranges::all_of(whole, is_digit)) return std::nullopt;
    if (point != std::string_view::npos && (fraction.empty() || !std::ranges::all_of(fraction, is_digit))) return std::nullopt;
    if (fraction.size() > static_cast<std::size_t>(decimals)) return std::nullopt;

    std::int64_t value = 0;
    for (const char c : whole) value = value * 10 + (c - '0');
    for (int i = 0; i < decimals; ++i)
        value = value * 10 + (static_cast<std::size_t>(i) < fraction.size() ? fraction[static_cast<std::size_t>(i)] - '0' : 0);
    return negative ? -value : value;
}

/// A JSON real that is exactly a decimal fraction with that many digits, scaled.
std::optional<std::int64_t> scaled_from(double real, int decimals)
{
    const auto scale = static_cast<double>(power_of_ten(decimals));
    if (!(std::fabs(real) < 1e12)) return std::nullopt;
    const auto scaled = std::llround(real * scale);
    if (static_cast<double>(scaled) / scale != real) return std::nullopt;
    return scaled;
}

/// A member's name as a step of a JSON pointer (RFC 6901) in a URI fragment.
std::string pointer_step(std::string_view name)
{
    std::string step;
    for (const char c : name) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.';
        if (c == '~') step += "~0";
        else if (c == '/') step += "~1";
        else if (plain) step += c;
        else {
            constexpr char digits[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            ((step += '%') += digits[byte >> 4]) += digits[byte & 0x0f];
        }
    }
    return step;
}

std::string shown(std::int64_t scaled, int decimals)
{
    const auto scale = power_of_ten(decimals);
    auto text = std::to_string(scaled / scale);
    if (scaled % scale == 0) return text;
    auto fraction = std::to_string(scale + scaled % scale).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    return text + '.' + fraction;
}

} // namespace

Form::Form(Json object) : object_{std::move(object)}, pointer_{"#"}, faults_{std::make_shared<std::vector<Fault>>()} {}

Form::Form(json_t* object, std::string pointer, std::shared_ptr<std::vector<Fault>> faults)
    : object_{json_incref(object)}, pointer_{std::move(pointer)}, faults_{std::move(faults)}
{
}

Form& Form::object(const char* name)
{
    auto* value = take(name);
    if (value && !json_is_object(value)) {
        fault(name, "wrong_type", "must be an object");
        value = nullptr;
    }
    const auto empty = Json::object();
    nested_.push_back(std::unique_ptr<Form>{new Form{value ? value : empty.get(), pointer_ + '/' + name, faults_}});
    return *nested_.back();
}

std::vector<Form*> Form::objects(const char* name, std::size_t max)
{
    std::vector<Form*> forms;
    auto* array = take_array(name, max);
    for (std::size_t i = 0; i < json_array_size(array); ++i) {
        const auto pointer = pointer_ + '/' + name + '/' + std::to_string(i);
        auto* value = json_array_get(array, i);
        if (!json_is_object(value)) {
            faults_->push_back({pointer, "wrong_type", "must be an object"});
            continue;
        }
        nested_.push_back(std::unique_ptr<Form>{new Form{value, pointer, faults_}});
        forms.push_back(nested_.back().get());
    }
    return forms;
}

std::vector<std::string> Form::texts(const char* name, std::size_t max)
{
    std::vector<std::string> texts;
    auto* array = take_array(name, max);
    for (std::size_t i = 0; i < json_array_size(array); ++i)
        if (auto text = checked_text(name, json_array_get(array, i), 255)) texts.push_back(*std::move(text));
    return texts;
}

json_t* Form::take_array(const char* name, std::size_t max)
{
    auto* value = take(name);
    if (!value) return nullptr;
    if (!json_is_array(value)) fault(name, "wrong_type", "must be a list");
    else if (json_array_size(value) > max) fault(name, "too_long", "may have at most " + std::to_string(max) + " entries");
    else return value;
    return nullptr;
}

std::string Form::text(const char* name, std::size_t max)
{
    auto* value = take_required(name);
    return value ? checked_text(name, value, max).value_or("") : "";
}

std::optional<std::string> Form::optional_text(const char* name, std::size_t max)
{
    auto* value = take(name);
    return value ? checked_text(name, value, max) : std::nullopt;
}

std::string Form::choice(const char* name, const std::vector<std::string_view>& words)
{
    if (!take_required(name)) return {};
    return optional_choice(name, words).value_or("");
}

std::optional<std::string> Form::optional_choice(const char* name, const std::vector<std::string_view>& words)
{
    auto* value = take(name);
    if (!value) return std::nullopt;
    const auto text = checked_text(name, value, 255);
    if (!text || std::ranges::find(words, *text) != words.end()) return text;

    std::string allowed;
    for (const auto& word : words) allowed += (allowed.empty() ? "" : ", ") + std::string{word};
    fault(name, "not_allowed", "must be one of: " + allowed);
    return std::nullopt;
}

std::int64_t Form::integer(const char* name, std::int64_t min, std::int64_t max) { return bounded(name, 0, min, max); }

std::int64_t Form::thousandths(const char* name, std::int64_t min, std::int64_t max) { return bounded(name, 3, min, max); }

std::optional<bool> Form::optional_boolean(const char* name)
{
    const auto* value = take(name);
    if (!value) return std::nullopt;
    if (json_is_boolean(value)) return json_is_true(value);
    const char* text = json_string_value(value);
    if (text && std::string_view{text} == "true") return true;
    if (text && std::string_view{text} == "false") return false;
    fault(name, "wrong_type", "must be true or false");
    return std::nullopt;
}

bool Form::has(const char* name) const { return json_object_get(object_.get(), name) != nullptr; }

bool Form::is_null(const char* name) { return json_is_null(take(name)); }

bool Form::is_empty_text(const char* name)
{
    const auto* value = take(name);
    return json_is_string(value) && json_string_length(value) == 0;
}

void Form::fault(const char* name, std::string code, std::string detail)
{
    faults_->push_back({pointer_ + '/' + pointer_step(name), std::move(code), std::move(detail)});
}

void Form::finish()
{
    note_unknown_members();
    if (!faults_->empty()) throw InvalidFields{*faults_};
}

json_t* Form::take(const char* name)
{
    known_.insert(name);
    return json_object_get(object_.get(), name);
}

json_t* Form::take_required(const char* name)
{
    auto* value = take(name);
    if (!value) fault(name, "required", "is required");
    return value;
}

std::optional<std::string> Form::checked_text(const char* name, json_t* value, std::size_t max)
{
    if (!json_is_string(value)) {
        fault(name, "wrong_type", "must be a string");
        return std::nullopt;
    }
    std::string text{json_string_value(value), json_string_length(value)};
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (text.empty() || text.size() > max) {
        fault(name, "out_of_range", "must have 1 to " + std::to_string(max) + " bytes");
        return std::nullopt;
    }
    if (std::ranges::any_of(text, is_control)) {
        fault(name, "invalid", "must not contain control characters");
        return std::nullopt;
    }
    return text;
}

std::int64_t Form::bounded(const char* name, int decimals, std::int64_t min, std::int64_t max)
{
    auto* value = take_required(name);
    if (!value) return min;

    std::optional<std::int64_t> number;
    if (json_is_integer(value)) {
        const auto scale = power_of_ten(decimals);
        const auto whole = json_integer_value(value);
        if (whole > max / scale || whole < min / scale - 1) number = whole > 0 ? max + 1 : min - 1;
        else number = whole * scale;
    } else if (json_is_string(value)) {
        number = scaled_from(std::string_view{json_string_value(value), json_string_length(value)}, decimals);
    } else if (json_is_real(value) && decimals > 0) {
        number = scaled_from(json_real_value(value), decimals);
    }
    if (!number) {
        fault(name, "wrong_type", decimals == 0 ? "must be a whole number" : "must be a number with at most three decimals");
        return min;
    }
    if (*number < min || *number > max) {
        fault(name, "out_of_range", "must be from " + shown(min, decimals) + " to " + shown(max, decimals));
        return min;
    }
    return *number;
}

void Form::note_unknown_members()
{
    const char* name = nullptr;
    json_t* value = nullptr;
    json_object_foreach(object_.get(), name, value)
    {
        if (known_.contains(name)) continue;
        fault(name, "unknown_field", "is not a field of this request");
    }
    for (const auto& form : nested_) form->note_unknown_members();
}

} // namespace http
