#include "vectors/json_diff.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace vectors {
namespace {

std::string text_of(json_t* value)
{
    if (!value) return "nothing";
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT), &std::free};
    return text.get();
}

void append(std::vector<std::string>& to, std::vector<std::string> more)
{
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<std::string> object_differences(json_t* expected, json_t* actual, const std::string& path)
{
    std::vector<std::string> all;
    const char* name = nullptr;
    json_t* member = nullptr;
    json_object_foreach(expected, name, member) append(all, differences(member, json_object_get(actual, name), path + '/' + name));
    json_object_foreach(actual, name, member) if (!json_object_get(expected, name))
        append(all, differences(nullptr, member, path + '/' + name));
    return all;
}

std::vector<std::string> array_differences(json_t* expected, json_t* actual, const std::string& path)
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < std::max(json_array_size(expected), json_array_size(actual)); ++i)
        append(all, differences(json_array_get(expected, i), json_array_get(actual, i), path + '/' + std::to_string(i)));
    return all;
}

} // namespace

std::vector<std::string> differences(json_t* expected, json_t* actual, const std::string& path)
{
    if (json_is_object(expected) && json_is_object(actual)) return object_differences(expected, actual, path);
    if (json_is_array(expected) && json_is_array(actual)) return array_differences(expected, actual, path);
    if (expected && actual && json_equal(expected, actual)) return {};
    return {path + ": expected " + text_of(expected) + ", got " + text_of(actual)};
}

} // namespace vectors
