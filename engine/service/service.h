// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/clusters.h"
#include "service/comparison.h"
#include "service/sync.h"
#include "service/ticket.h"

#include <QObject>

namespace tiphys::service {

/// Nothing but "done".
struct Done
{
};

/// Which text of a resource the inspector shows.
enum class ManifestSide { Live, Desired };

/// All that a front end may ask. Functions return at once; answers come by Ticket, news by signals. Signals are
/// emitted in the thread of the receiver's connection (connect with a context object); snapshots are immutable.
class Service : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The newest snapshots; never null. Any thread.
    virtual ClustersPtr clusters() const = 0;
    virtual ApplicationsPtr applications() const = 0;
    /// The newest detail of an open application, null until the first.
    virtual AppDetailPtr application(const AppId &app) const = 0;

    /// Starts or stops talking to a context. Nothing is contacted before.
    virtual void setTicked(const std::string &context, bool isTicked) = 0;
    virtual void setLevel(const std::string &context, Level level) = 0;
    /// Switches the local engine for a context on or off; refused with the reason where it must not run.
    virtual Ticket<Done> setLocalEngine(const std::string &context, bool isOn) = 0;
    /// From now on objects of destinations at the API address \p server are looked for in \p context, which is ticked for
    /// that; "" forgets the choice. Remembered.
    virtual Ticket<Done> chooseContext(const std::string &server, const std::string &context) = 0;
    /// Tries again now.
    virtual void reconnect(const std::string &context) = 0;
    /// Reads other kubeconfig files from now on.
    virtual Ticket<Done> useKubeconfig(const std::vector<std::string> &files) = 0;

    /// Keeps tree, diff and events of \p app up to date until closed as often as opened.
    virtual void openApplication(const AppId &app) = 0;
    virtual void closeApplication(const AppId &app) = 0;

    virtual Ticket<Permissions> permissions(const AppId &app) = 0;
    virtual Ticket<Done> refresh(const AppId &app, bool isHard) = 0;
    /// What a sync would do; asked again whenever the person changes the request.
    virtual Ticket<SyncPlan> plan(const SyncRequest &request) = 0;
    /// Done as soon as the operation is accepted; its progress is in the application's detail. Conflict: the branch
    /// moved since the plan, plan again.
    virtual Ticket<Done> sync(const SyncRequest &request) = 0;
    virtual Ticket<Done> terminate(const AppId &app) = 0;
    /// Lets the sync or deletion go on that waits for it (AppRow::awaitsConfirmation).
    virtual Ticket<Done> confirmDeletion(const AppId &app) = 0;
    virtual Ticket<Done> rollback(const AppId &app, std::int64_t historyId) = 0;
    /// \p cascade: "foreground", "background" or "" (the resources stay).
    virtual Ticket<Done> remove(const AppId &app, const std::string &cascade) = 0;
    /// YAML of one resource, Secrets masked.
    virtual Ticket<std::string> manifest(const AppId &app, const object::ObjectKey &key, ManifestSide side) = 0;

    virtual Ticket<ComparisonPtr> compare(const CompareRequest &request) = 0;
    virtual Ticket<RevisionChoices> revisions(const std::string &repository) = 0;

Q_SIGNALS:
    void clustersChanged();
    void applicationsChanged();
    void applicationChanged(const tiphys::service::AppId &app);
};

} // namespace tiphys::service
