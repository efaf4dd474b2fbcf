// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/template_cache.h"

namespace tiphys::render {

text::TemplateExpected<std::shared_ptr<const text::ParsedText>> TemplateCache::parsed(std::string_view name, std::string_view source,
                                                                                       const text::FunctionTable &functions,
                                                                                       const text::TemplateOptions &options)
{
    if (const auto found = m_entries.find(name); found != m_entries.end()) {
        for (const Entry &entry : found->second) {
            if (entry.source == source)
                return entry.parsed;
        }
    }
    auto parsed = text::ParsedText::parse(name, source, functions, options);
    if (!parsed)
        return parsed;
    if (m_bytes + source.size() > m_limit) {
        m_entries.clear();
        m_bytes = 0;
    }
    m_bytes += source.size();
    m_entries[std::string(name)].push_back({std::string(source), *parsed});
    return parsed;
}

} // namespace tiphys::render
