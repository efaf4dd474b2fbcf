// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"

#include "object/json_reader.h"
#include "object/simdjson_builder.h"

#include <simdjson.h>

namespace tiphys::object {

namespace detail {

void addSimdjson(simdjson::dom::element element, Builder &builder)
{
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::ARRAY: {
        const simdjson::dom::array items = element.get_array().value_unsafe();
        builder.beginList();
        for (const simdjson::dom::element item : items)
            addSimdjson(item, builder);
        builder.endList();
        return;
    }
    case element_type::OBJECT: {
        const simdjson::dom::object fields = element.get_object().value_unsafe();
        builder.beginMap();
        for (const simdjson::dom::key_value_pair field : fields) {
            builder.key(field.key);
            addSimdjson(field.value, builder);
        }
        builder.endMap();
        return;
    }
    case element_type::STRING: builder.string(element.get_string().value_unsafe()); return;
    case element_type::INT64: builder.integer(element.get_int64().value_unsafe()); return;
    case element_type::UINT64: builder.unsignedInteger(element.get_uint64().value_unsafe()); return;
    case element_type::DOUBLE: builder.number(element.get_double().value_unsafe()); return;
    case element_type::BOOL: builder.boolean(element.get_bool().value_unsafe()); return;
    case element_type::NULL_VALUE: builder.null(); return;
    default: builder.null(); return;
    }
}

} // namespace detail

Expected<Value> parseJson(std::string_view text)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (text.size() >= 0xFFFFFFFFu)
        return failure(ErrorCode::LimitExceeded, "json: a text of 4 GiB or more cannot be read");
    // simdjson would skip a byte order mark, which Go refuses. It copies the text once, with the padding that it reads
    // beyond the end.
    if (text.starts_with("\xEF\xBB\xBF") || parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS)
        return detail::readJson(text);
    Builder builder;
    detail::addSimdjson(root, builder);
    return builder.finish();
}

} // namespace tiphys::object
