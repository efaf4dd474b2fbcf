// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consents.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QString prefixOf(Consents::Kind kind)
{
    return kind == Consents::Kind::CredentialPlugin ? u"execPlugins/"_s : u"gitCredentials/"_s;
}

/// Stored is the subject, or "true" where it was not noted.
bool isYes(const QString &stored)
{
    return !stored.isEmpty() && stored != u"false"_s;
}

} // namespace

bool Consents::isGiven(Kind kind, const QString &key) const
{
    return isYes(m_store.value(prefixOf(kind) + key).toString());
}

void Consents::give(Kind kind, const QString &key, const QString &subject)
{
    m_store.setValue(prefixOf(kind) + key, subject.isEmpty() ? u"true"_s : subject);
}

void Consents::withdraw(Kind kind, const QString &key)
{
    m_store.remove(prefixOf(kind) + key);
}

QList<Consents::Consent> Consents::all() const
{
    QList<Consent> consents;
    for (const Kind kind : {Kind::CredentialPlugin, Kind::GitHelpers}) {
        const QString prefix = prefixOf(kind);
        for (const QString &name : m_store.allKeys()) {
            if (!name.startsWith(prefix))
                continue;
            const QString stored = m_store.value(name).toString();
            const QString key = name.mid(prefix.size());
            const bool isNoted = stored != u"true"_s;
            if (isYes(stored))
                consents << Consent{kind, key, isNoted ? stored : kind == Kind::GitHelpers ? key : QString()};
        }
    }
    std::ranges::sort(consents, {}, [](const Consent &each) { return std::tuple(each.kind, each.subject, each.key); });
    return consents;
}

} // namespace tiphys::ui
