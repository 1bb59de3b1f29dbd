#pragma once
#include <toml++/toml.h>

#include <chrono>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace app {

/// The first line of a file that nobody else may read. @throws std::runtime_error
std::string secret_in(const std::string& path);

/// The lines NAME=VALUE of such a file, as ovh.conf has them. @throws std::runtime_error
std::map<std::string, std::string> secrets_in(const std::string& path);

/// One table of the file: hands out values by key and complains about those nobody asked for.
class Section {
public:
    Section(std::string file, const toml::table& table, std::string name) : file_{std::move(file)}, table_{table}, name_{std::move(name)} {}

    Section section(const char* key)
    {
        known_.insert(key);
        static const toml::table empty;
        const auto* node = table_.get(key);
        if (!node) return {file_, empty, key};
        if (!node->is_table()) fail(*node, key, "must be a table");
        return {file_, *node->as_table(), key};
    }

    /// The tables of [[name.key]].
    std::vector<Section> sections(const char* key)
    {
        known_.insert(key);
        std::vector<Section> all;
        const auto* node = table_.get(key);
        if (!node) return all;
        if (!node->is_array_of_tables()) fail(*node, key, "must be tables: [[" + name_ + "." + key + "]]");
        for (const auto& each : *node->as_array()) all.emplace_back(file_, *each.as_table(), name_ + "." + key);
        return all;
    }

    [[noreturn]] void fail(const std::string& key, const std::string& why) const { fail(table_, key, why); }

    void read(const char* key, std::string& value) { assign<std::string>(key, value, "text"); }
    void read(const char* key, bool& value) { assign<bool>(key, value, "true or false"); }
    void read(const char* key, int& value) { assign<std::int64_t>(key, value, "a whole number"); }
    void read(const char* key, std::int64_t& value) { assign<std::int64_t>(key, value, "a whole number"); }
    void read(const char* key, std::size_t& value) { assign<std::int64_t>(key, value, "a whole number"); }
    void read(const char* key, std::chrono::seconds& value)
    {
        std::int64_t seconds = value.count();
        assign<std::int64_t>(key, seconds, "a number of seconds");
        value = std::chrono::seconds{seconds};
    }

    void read(const char* key, std::vector<std::string>& values)
    {
        known_.insert(key);
        const auto* node = table_.get(key);
        if (!node) return;
        if (!node->is_array()) fail(*node, key, "must be a list of texts");
        values.clear();
        for (const auto& each : *node->as_array()) {
            const auto text = each.value_exact<std::string>();
            if (!text) fail(each, key, "must be a list of texts");
            values.push_back(*text);
        }
    }

    std::string choice(const char* key, const std::string& fallback, const std::set<std::string>& words)
    {
        std::string value = fallback;
        read(key, value);
        if (words.contains(value)) return value;
        std::string allowed;
        for (const auto& word : words) allowed += (allowed.empty() ? "" : ", ") + word;
        fail(*table_.get(key), key, "must be one of: " + allowed);
    }

    /// The content of the file that `key` names, without its line end.
    std::string secret(const char* key)
    {
        std::string path;
        read(key, path);
        if (path.empty()) return {};
        try {
            return secret_in(path);
        } catch (const std::runtime_error& error) {
            fail(*table_.get(key), key, error.what());
        }
    }

    /// The lines NAME=VALUE of the file that `key` names; blank ones, comments and [sections] are passed over.
    std::map<std::string, std::string> secrets(const char* key)
    {
        std::string path;
        read(key, path);
        if (path.empty()) return {};
        try {
            return secrets_in(path);
        } catch (const std::runtime_error& error) {
            fail(*table_.get(key), key, error.what());
        }
    }

    void finish() const
    {
        for (const auto& [key, node] : table_)
            if (!known_.contains(std::string{key.str()})) fail(node, std::string{key.str()}, "is not a setting");
    }

    [[noreturn]] void fail(const toml::node& node, const std::string& key, const std::string& why) const
    {
        throw std::runtime_error{
            file_ + ":" + std::to_string(node.source().begin.line) + ": " + (name_.empty() ? "" : name_ + ".") + key + " " + why};
    }

private:
    template <class Stored, class Value> void assign(const char* key, Value& value, const char* what)
    {
        known_.insert(key);
        const auto* node = table_.get(key);
        if (!node) return;
        const auto stored = node->value_exact<Stored>();
        if (!stored) fail(*node, key, std::string{"must be "} + what);
        if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
            if (*stored < 0) fail(*node, key, "must not be negative");
            value = static_cast<Value>(*stored);
        } else {
            value = *stored;
        }
    }

    std::string file_;
    const toml::table& table_;
    std::string name_;
    std::set<std::string> known_{};
};

} // namespace app
