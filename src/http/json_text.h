#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace http {

/// A JSON value written straight as text, for answers: ten times cheaper than building a tree first. Members keep the
/// order in which they are set; setting one twice is a bug of the caller. Text that is not UTF-8 becomes U+FFFD.
class JsonText {
public:
    static JsonText object() { return JsonText{"{", '}'}; }
    static JsonText array() { return JsonText{"[", ']'}; }
    static JsonText null() { return JsonText{"null", '\0'}; }

    JsonText(std::string_view value) { append_quoted(value); }
    JsonText(const char* value) : JsonText{std::string_view{value}} {}
    JsonText(const std::string& value) : JsonText{std::string_view{value}} {}
    JsonText(bool value) : text_{value ? "true" : "false"} {}
    template <std::integral Number> JsonText(Number value) : text_{std::to_string(value)} {}

    /// A value that is JSON already.
    static JsonText ready(const std::string& json)
    {
        auto value = null();
        value.text_ = json;
        return value;
    }

    /// A number with at most three decimals: 500 thousandths are 0.5.
    static JsonText thousandths(std::int64_t value);

    template <class Value> JsonText& set(const char* member, const Value& value) &
    {
        begin_entry();
        append_quoted(member);
        text_ += ':';
        append(value);
        return *this;
    }
    template <class Value> JsonText&& set(const char* member, const Value& value) && { return std::move(set(member, value)); }

    template <class Value> JsonText& push(const Value& value)
    {
        begin_entry();
        append(value);
        return *this;
    }

    std::string dump() const
    {
        auto text = text_;
        if (closing_) text += closing_;
        return text;
    }

private:
    JsonText(const char* opening, char closing) : text_{opening}, closing_{closing} {}

    void begin_entry()
    {
        if (text_.size() > 1) text_ += ',';
    }
    void append(std::string_view value) { append_quoted(value); }
    void append(const char* value) { append_quoted(value); }
    void append(const std::string& value) { append_quoted(value); }
    void append(bool value) { text_ += value ? "true" : "false"; }
    void append(std::integral auto value) { text_ += std::to_string(value); }
    void append(const JsonText& value)
    {
        text_ += value.text_;
        if (value.closing_) text_ += value.closing_;
    }
    void append_quoted(std::string_view value);

    std::string text_{};
    char closing_{'\0'};
};

} // namespace http
