// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSettings>
#include <QString>

namespace tiphys::ui {

/// What the person allowed once and is not asked about again. Nothing secret.
class Consents
{
public:
    enum class Kind { CredentialPlugin, GitHelpers };
    struct Consent
    {
        Kind kind;
        QString key;     ///< a plugin's fingerprint; the server of repositories
        QString subject; ///< "aws (prod-eu)", "git.example.com"; "" where it was not noted

        bool operator==(const Consent &) const = default;
    };

    bool isGiven(Kind kind, const QString &key) const;
    void give(Kind kind, const QString &key, const QString &subject);
    void withdraw(Kind kind, const QString &key);
    /// Plugins first, by their subjects.
    QList<Consent> all() const;

private:
    QSettings m_store;
};

} // namespace tiphys::ui
