// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/schema_form.h"

#include "object/json.h"
#include "object/merge_patch.h"
#include "render/helm/json_schema.h"
#include "render/helm/plain_schema.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::render {

using object::Value;

namespace {

/// The keywords of one draft with what stands behind them, as a schema.
struct Form
{
    int draft;
    int base; ///< the draft that this one differs from by a merge patch, its text; 0: the text is all
    std::string_view address;
    std::string_view text;
};

// Drafts from 2019 on keep their keywords in groups, as messages show.
// Source: https://json-schema.org/specification-links
constexpr std::array<Form, 5> kForms{{
    {4, 0, "http://json-schema.org/draft-04/schema#",
     R"form({"$schema":"http://json-schema.org/draft-04/schema#","definitions":{"count":{"type":"integer","minimum":0},"type":{"enum":["array",
"boolean","integer","null","number","object","string"]},"countOrNone":{"allOf":[{"$ref":"#/definitions/count"}]},"schemas":{"type":
"array","minItems":1,"items":{"$ref":"#"}},"names":{"type":"array","items":{"type":"string"},"uniqueItems":true,"minItems":1}},
"type":"object","properties":{"id":{"type":"string"},"$schema":{"type":"string"},"$ref":{"type":"string"},"title":{"type":"string"},
"description":{"type":"string"},"format":{"type":"string"},"pattern":{"type":"string"},"multipleOf":{"type":"number",
"minimum":0,"exclusiveMinimum":true},"maximum":{"type":"number"},"minimum":{"type":"number"},"exclusiveMaximum":{"type":"boolean"},
"exclusiveMinimum":{"type":"boolean"},"maxLength":{"$ref":"#/definitions/count"},"minLength":{"$ref":"#/definitions/countOrNone"},
"maxItems":{"$ref":"#/definitions/count"},"minItems":{"$ref":"#/definitions/countOrNone"},"maxProperties":{"$ref":
"#/definitions/count"},"minProperties":{"$ref":"#/definitions/countOrNone"},"uniqueItems":{"type":"boolean"},"required":{"$ref":
"#/definitions/names"},"dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/names"}]
}},"definitions":{"type":"object","additionalProperties":{"$ref":"#"}},"properties":{"type":"object","additionalProperties":{"$ref":
"#"}},"patternProperties":{"type":"object","additionalProperties":{"$ref":"#"}},"allOf":{"$ref":"#/definitions/schemas"},
"anyOf":{"$ref":"#/definitions/schemas"},"oneOf":{"$ref":"#/definitions/schemas"},"not":{"$ref":"#"},"enum":{"type":"array",
"minItems":1,"uniqueItems":true},"type":{"anyOf":[{"$ref":"#/definitions/type"},{"type":"array","items":{"$ref":"#/definitions/type"
},"minItems":1,"uniqueItems":true}]},"additionalProperties":{"anyOf":[{"type":"boolean"},{"$ref":"#"}]},"additionalItems":{"anyOf":[
{"type":"boolean"},{"$ref":"#"}]},"items":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/schemas"}]}},"dependencies":{
"exclusiveMaximum":["maximum"],"exclusiveMinimum":["minimum"]}})form"},
    {6, 4, "http://json-schema.org/draft-06/schema#",
     R"form({"$schema":"http://json-schema.org/draft-06/schema#","definitions":{"names":{"minItems":null}},"type":["object","boolean"],
"properties":{"$id":{"type":"string"},"multipleOf":{"exclusiveMinimum":0,"minimum":null},"exclusiveMaximum":{"type":"number"},
"exclusiveMinimum":{"type":"number"},"additionalProperties":{"$ref":"#","anyOf":null},"additionalItems":{"$ref":"#","anyOf":
null},"contains":{"$ref":"#"},"propertyNames":{"$ref":"#"},"id":null},"dependencies":null})form"},
    {7, 6, "http://json-schema.org/draft-07/schema#",
     R"form({"$schema":"http://json-schema.org/draft-07/schema#","properties":{"examples":{"type":"array"},"readOnly":{"type":"boolean"},
"writeOnly":{"type":"boolean"},"$comment":{"type":"string"},"contentMediaType":{"type":"string"},"contentEncoding":{"type":
"string"},"if":{"$ref":"#"},"then":{"$ref":"#"},"else":{"$ref":"#"}}})form"},
    {2019, 0, "https://json-schema.org/draft/2019-09/schema#",
     R"form({"$schema":"https://json-schema.org/draft/2019-09/schema","$defs":{"count":{"type":"integer","minimum":0},"type":{"enum":["array",
"boolean","integer","null","number","object","string"]},"schemas":{"type":"array","minItems":1,"items":{"$ref":"#"}},"names":{"type"
:"array","items":{"type":"string"},"uniqueItems":true},"core":{"type":["object","boolean"],"properties":{"$id":{"type":"string",
"pattern":"^[^#]*#?$"},"$schema":{"type":"string"},"$ref":{"type":"string"},"$anchor":{"type":"string","pattern":
"^[A-Za-z][-A-Za-z0-9.:_]*$"},"$recursiveRef":{"type":"string"},"$recursiveAnchor":{"type":"boolean"},"$vocabulary":{"type":"object"
,"additionalProperties":{"type":"boolean"}},"$comment":{"type":"string"},"$defs":{"type":"object","additionalProperties":{"$ref":"#"
}}}},"applicator":{"type":["object","boolean"],"properties":{"items":{"anyOf":[{"$ref":"#"},{"$ref":"#/$defs/schemas"}]},
"contains":{"$ref":"#"},"additionalItems":{"$ref":"#"},"additionalProperties":{"$ref":"#"},"properties":{"type":"object",
"additionalProperties":{"$ref":"#"}},"patternProperties":{"type":"object","additionalProperties":{"$ref":"#"}},
"dependentSchemas":{"type":"object","additionalProperties":{"$ref":"#"}},"propertyNames":{"$ref":"#"},"if":{"$ref":"#"},
"then":{"$ref":"#"},"else":{"$ref":"#"},"allOf":{"$ref":"#/$defs/schemas"},"anyOf":{"$ref":"#/$defs/schemas"},"oneOf":{"$ref":
"#/$defs/schemas"},"not":{"$ref":"#"},"unevaluatedItems":{"$ref":"#"},"unevaluatedProperties":{"$ref":"#"}}},"validation":{"type":[
"object","boolean"],"properties":{"type":{"anyOf":[{"$ref":"#/$defs/type"},{"type":"array","items":{"$ref":"#/$defs/type"},
"minItems":1,"uniqueItems":true}]},"enum":{"type":"array"},"multipleOf":{"type":"number","exclusiveMinimum":0},"maximum":{"type":
"number"},"exclusiveMaximum":{"type":"number"},"minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},"maxLength":{"$ref":
"#/$defs/count"},"minLength":{"$ref":"#/$defs/count"},"pattern":{"type":"string"},"maxItems":{"$ref":"#/$defs/count"},
"minItems":{"$ref":"#/$defs/count"},"uniqueItems":{"type":"boolean"},"maxContains":{"$ref":"#/$defs/count"},"minContains":{"$ref":
"#/$defs/count"},"maxProperties":{"$ref":"#/$defs/count"},"minProperties":{"$ref":"#/$defs/count"},"required":{"$ref":
"#/$defs/names"},"dependentRequired":{"type":"object","additionalProperties":{"$ref":"#/$defs/names"}}}},"meta-data":{"type":[
"object","boolean"],"properties":{"title":{"type":"string"},"description":{"type":"string"},"deprecated":{"type":"boolean"},
"readOnly":{"type":"boolean"},"writeOnly":{"type":"boolean"},"examples":{"type":"array"}}},"format":{"type":["object",
"boolean"],"properties":{"format":{"type":"string"}}},"content":{"type":["object","boolean"],"properties":{"contentEncoding":{"type"
:"string"},"contentMediaType":{"type":"string"},"contentSchema":{"$ref":"#"}}}},"allOf":[{"$ref":"#/$defs/core"},{"$ref":
"#/$defs/applicator"},{"$ref":"#/$defs/validation"},{"$ref":"#/$defs/meta-data"},{"$ref":"#/$defs/format"},{"$ref":"#/$defs/content"
}],"type":["object","boolean"],"properties":{"definitions":{"type":"object","additionalProperties":{"$ref":"#"}},
"dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#"},{"$ref":"#/$defs/names"}]}}}})form"},
    {2020, 2019, "https://json-schema.org/draft/2020-12/schema#",
     R"form({"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"core":{"properties":{"$anchor":{"pattern":
"^[A-Za-z_][-A-Za-z0-9._]*$"},"$dynamicRef":{"type":"string"},"$dynamicAnchor":{"type":"string","pattern":
"^[A-Za-z_][-A-Za-z0-9._]*$"},"$recursiveRef":null,"$recursiveAnchor":null}},"applicator":{"properties":{"prefixItems":{"$ref"
:"#/$defs/schemas"},"items":{"$ref":"#","anyOf":null},"additionalItems":null,"unevaluatedItems":null,"unevaluatedProperties":
null}},"unevaluated":{"type":["object","boolean"],"properties":{"unevaluatedItems":{"$ref":"#"},"unevaluatedProperties":{
"$ref":"#"}}}},"allOf":[{"$ref":"#/$defs/core"},{"$ref":"#/$defs/applicator"},{"$ref":"#/$defs/unevaluated"},{"$ref":
"#/$defs/validation"},{"$ref":"#/$defs/meta-data"},{"$ref":"#/$defs/format"},{"$ref":"#/$defs/content"}],"properties":{
"$recursiveAnchor":{"type":"string","pattern":"^[A-Za-z_][-A-Za-z0-9._]*$"},"$recursiveRef":{"type":"string"}}})form"},
}};

const Form *formOf(int draft)
{
    const auto found = std::ranges::find(kForms, draft, &Form::draft);
    return found == kForms.end() ? nullptr : &*found;
}

Value valueOf(const Form &form)
{
    const Value own = object::parseJson(form.text).value_or(Value());
    const Form *base = formOf(form.base);
    return base ? object::applyMergePatch(valueOf(*base), own) : own;
}

/// Read when it is first asked for: charts seldom follow more than one draft.
template <std::size_t Place>
const JsonSchema *readSchema()
{
    static const Expected<JsonSchema> schema = JsonSchema::trusted(valueOf(kForms[Place]));
    return schema ? &*schema : nullptr;
}

const JsonSchema *schemaOf(const Form &form)
{
    static constexpr std::array kReaders{readSchema<0>, readSchema<1>, readSchema<2>, readSchema<3>, readSchema<4>};
    static_assert(kReaders.size() == kForms.size());
    return kReaders[static_cast<std::size_t>(&form - kForms.data())]();
}

} // namespace

Expected<void> checkSchemaForm(const Value &schema, int draft)
{
    const Form *form = formOf(draft);
    if (!form || isPlainSchema(schema, draft))
        return {};
    const JsonSchema *wanted = schemaOf(*form);
    // A schema that is too large to look at is taken as it is.
    const auto violations = wanted != nullptr ? wanted->violationsOf(schema) : Expected<std::vector<SchemaViolation>>{};
    if (!violations || violations->empty())
        return {};
    std::string places = listed(*violations);
    while (places.ends_with('\n'))
        places.pop_back();
    return failure(
        ErrorCode::InvalidInput,
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with '"
            + std::string(form->address) + "'\n" + places);
}

} // namespace tiphys::render
