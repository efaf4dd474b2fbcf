// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kubectl_text.h"

#include "models/text.h"

#include <algorithm>
#include <cctype>

using namespace Qt::StringLiterals;

namespace tiphys::models {

QString shellWord(std::string_view word)
{
    const auto isPlain = [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view("-_./:@%+=,").contains(static_cast<char>(c));
    };
    if (!word.empty() && std::ranges::all_of(word, isPlain))
        return text(word);
    return u'\'' + text(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

QString kubectlGet(const object::ObjectKey &key, std::string_view context)
{
    QString command = u"kubectl"_s;
    if (!context.empty())
        command += u" --context "_s + shellWord(context);
    if (!key.ns.empty())
        command += u" -n "_s + shellWord(key.ns);
    return command + u" get "_s
           + shellWord(utf8(text(key.kind).toLower()) + (key.group.empty() ? "" : "." + key.group) + "/" + key.name)
           + u" -o yaml"_s;
}

std::string destinationContext(const service::AppDetail &app, const service::ClustersSnapshot &clusters)
{
    if (!app.destinationContext.empty())
        return app.destinationContext;
    std::string found;
    for (const service::ClusterState &cluster : clusters.clusters) {
        if (cluster.context == app.row.destination)
            return cluster.context;
        if (cluster.server.empty() || (cluster.server != app.row.destination && cluster.server != app.unreachedServer))
            continue;
        if (!found.empty())
            return {};
        found = cluster.context;
    }
    return found;
}

} // namespace tiphys::models
