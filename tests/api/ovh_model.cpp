#include "ovh_model.h"

#include <regex>
#include <set>
#include <sstream>

namespace site {
namespace {

/// "name?[]=type"
struct Field {
    std::string name{};
    std::string type{};
    bool may_be_null{false};
};

Field field_of(const std::string& word)
{
    const auto equals = word.find('=');
    Field field{.name = word.substr(0, equals), .type = word.substr(equals + 1)};
    if (field.name.ends_with("[]")) {
        field.name.resize(field.name.size() - 2);
        field.type += "[]";
    }
    if (field.name.ends_with('?')) {
        field.name.pop_back();
        field.may_be_null = true;
    }
    return field;
}

bool matches(const json_t* value, const char* pattern)
{
    return json_is_string(value) && std::regex_match(json_string_value(value), std::regex{pattern});
}

/// True if the value is of a type that is no model.
bool is_scalar(const json_t* value, const std::string& type)
{
    if (type == "text") return json_is_string(value);
    if (type == "long") return json_is_integer(value);
    if (type == "double") return json_is_number(value);
    if (type == "bool") return json_is_boolean(value);
    if (type == "datetime") return matches(value, R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)");
    if (type == "date") return matches(value, R"(\d{4}-\d\d-\d\d)");
    return type == "duration" && matches(value, R"(P\d+[DMY])");
}

class Check {
public:
    explicit Check(const OvhModels& models) : models_{models} {}

    void value(const std::string& at, const json_t* value, const std::string& type)
    {
        if (type.ends_with("[]")) {
            if (!json_is_array(value)) return fault(at, "is no list");
            for (std::size_t i = 0; i < json_array_size(value); ++i)
                this->value(at + '.' + std::to_string(i), json_array_get(value, i), type.substr(0, type.size() - 2));
            return;
        }
        const auto model = models_.find(type);
        if (model != models_.end()) return object(at, value, model->second);
        if (!is_scalar(value, type)) fault(at, "is no " + type);
    }

    std::string faults{};

private:
    void object(const std::string& at, const json_t* object, const std::string& model)
    {
        if (!json_is_object(object)) return fault(at, "is no object");
        std::set<std::string> known;
        std::istringstream words{model};
        for (std::string word; words >> word;) {
            const auto field = field_of(word);
            known.insert(field.name);
            const auto* value = json_object_get(object, field.name.c_str());
            if (!value) fault(at + '.' + field.name, "is missing");
            else if (!json_is_null(value)) this->value(at + '.' + field.name, value, field.type);
            else if (!field.may_be_null) fault(at + '.' + field.name, "is null");
        }
        for (void* i = json_object_iter(const_cast<json_t*>(object)); i; i = json_object_iter_next(const_cast<json_t*>(object), i))
            if (!known.contains(json_object_iter_key(i))) fault(at + '.' + json_object_iter_key(i), "is not of the model");
    }

    void fault(const std::string& at, const std::string& what) { faults += at + ' ' + what + '\n'; }

    const OvhModels& models_;
};

} // namespace

std::string faults_of(const OvhModels& models, const json_t* value, const std::string& type)
{
    Check check{models};
    check.value(type, value, type);
    return check.faults;
}

} // namespace site
