// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/rollout_sheet.h"

#include "models/rollout_lists.h"
#include "models/rollout_text.h"
#include "models/text.h"
#include "service/service.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::RolloutAct;

RolloutSheet::RolloutSheet(service::Service &service, service::RolloutId id, RolloutAct act,
                           std::function<service::WallTime()> now, QWidget *parent)
    : WritingDialog(parent), m_service(service), m_id(std::move(id)), m_act(act), m_now(std::move(now)),
      m_title(new TextLabel(TextLabel::Rank::Title, {}, this)),
      m_facts(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_what(new TextLabel(TextLabel::Rank::Body, {}, this)), m_git(new TextLabel(TextLabel::Rank::Body, {}, this)),
      m_advice(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_banner(new Banner(this)),
      m_choice(new QComboBox(this)), m_image(new QLineEdit(this)), m_typing(new QLineEdit(this)),
      m_button(new QPushButton(this))
{
    const int u = unit(this);
    setModal(true);
    setWindowTitle(models::actText(m_act));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(m_title);
    column->addWidget(m_facts);
    column->addWidget(m_choice);
    column->addWidget(m_image);
    column->addWidget(m_what);
    column->addWidget(m_git);
    column->addWidget(m_advice);
    column->addWidget(m_banner);
    column->addWidget(m_typing);
    column->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    auto *cancel = new QPushButton(tr("Cancel"), this);
    buttons->addWidget(cancel);
    buttons->addWidget(m_button);
    column->addLayout(buttons);
    m_choice->setVisible(m_act == RolloutAct::Undo || m_act == RolloutAct::SetImage);
    m_choice->setAccessibleName(m_act == RolloutAct::Undo ? tr("Revision to go back to") : tr("Container"));
    m_image->setVisible(m_act == RolloutAct::SetImage);
    m_image->setPlaceholderText(tr("Image, for example registry.example.com/shop/web:1.2.3"));
    m_image->setAccessibleName(tr("Image"));
    m_typing->hide();
    m_typing->setPlaceholderText(tr("Type %1").arg(models::text(m_id.name)));
    m_typing->setAccessibleName(m_typing->placeholderText());
    makePrimary(m_button);
    m_button->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_button, &QPushButton::clicked, this, &RolloutSheet::carryOut);
    for (QLineEdit *field : {m_image, m_typing})
        connect(field, &QLineEdit::textChanged, this, &RolloutSheet::showButton);
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (m_act == RolloutAct::SetImage && index >= 0)
            m_image->setText(m_choice->itemData(index).toString());
        showButton();
    });
    connect(&service::rolloutsOf(m_service), &service::Rollouts::rolloutChanged, this,
            [this](const service::RolloutId &changed) {
                if (changed == m_id)
                    update();
            });
    service::rolloutsOf(m_service).open(m_id);
    setMinimumWidth(130 * u);
    update();
}

RolloutSheet::~RolloutSheet()
{
    service::rolloutsOf(m_service).close(m_id);
}

QString RolloutSheet::consequence() const
{
    return m_what->text();
}

bool RolloutSheet::needsTyping() const
{
    for (const service::ClusterState &cluster : m_service.clusters()->clusters) {
        if (cluster.context == m_id.context)
            return cluster.level == service::Level::Protected;
    }
    return false;
}

void RolloutSheet::update()
{
    const service::RolloutDetailPtr detail = service::rolloutsOf(m_service).rollout(m_id);
    if (!detail) {
        m_title->setText(models::actText(m_act));
        m_what->setText(tr("Asking %1…").arg(models::text(m_id.context)));
        m_button->setText(models::actText(m_act));
        m_button->setEnabled(false);
        return;
    }
    const bool isFirst = !m_detail;
    const bool hasMoved = m_detail && detail->row.seen() != m_seen;
    m_detail = detail;
    if (isFirst) {
        m_seen = detail->row.seen();
        fillChoices();
    }
    if (hasMoved && !isWriting())
        showMoved({});
    fillFacts();
    showButton();
    if (isFirst) {
        connect(m_banner, &Banner::actionTriggered, this, [this] {
            m_seen = m_detail->row.seen();
            m_banner->clear();
            if (m_act == RolloutAct::Undo)
                fillChoices();
            fillFacts();
            showButton();
        });
        Q_EMIT settled();
    }
}

void RolloutSheet::showMoved(const QString &problem)
{
    const QString moved =
        tr("It moved on since this sheet was opened: what was asked for would no longer be what you saw.");
    m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                   problem.isEmpty() ? moved : QString(problem + u'\n' + moved), tr("Look again"));
}

void RolloutSheet::fillChoices()
{
    if (m_act == RolloutAct::Undo) {
        m_choice->clear();
        for (const service::RolloutRevision &revision : m_detail->revisions) {
            if (revision.hash == m_detail->row.podHash || !revision.experiment.empty())
                continue;
            const QString image =
                revision.images.empty() ? QString() : models::text(revision.images.front()).section(u'/', -1);
            m_choice->addItem(tr("Revision %1 · %2").arg(QString::number(revision.revision), image),
                              static_cast<qlonglong>(revision.revision));
        }
    }
    if (m_act == RolloutAct::SetImage) {
        for (const auto &[name, image] : m_detail->row.containers)
            m_choice->addItem(models::text(name), models::text(image));
    }
}

void RolloutSheet::fillFacts()
{
    const service::RolloutRow &row = m_detail->row;
    m_title->setText(tr("%1: %2").arg(models::actText(m_act, row.isBlueGreen).remove(u'…'), models::text(row.id.name)));
    QStringList facts{tr("Cluster %1, namespace %2").arg(models::text(row.id.context), models::text(row.id.ns))};
    if (!row.images.empty())
        facts << tr("Images: %1").arg(models::imagesText(row));
    if (const QString step = models::stepText(row); !step.isEmpty())
        facts << tr("Step %1, %2 of the traffic on the new version")
                     .arg(step, models::percent(row.weight, row.maxWeight));
    if (const QString analysis = models::analysisText(*m_detail, m_now()); !analysis.isEmpty())
        facts << analysis;
    m_facts->setText(facts.join(u'\n'));
    m_what->setText(models::actConsequence(m_act, row));
    const QString git = models::gitConsequence(m_act, row);
    m_git->setText(git);
    m_git->setVisible(!git.isEmpty());
    QStringList advice;
    for (const std::string &line : m_detail->advice)
        advice << models::text(line);
    m_advice->setText(advice.isEmpty() ? QString()
                                       : tr("Argo CD's policy says, as advice: %1").arg(advice.join(u"; "_s)));
    m_advice->setVisible(!advice.isEmpty());
    m_typing->setVisible(needsTyping());
}

void RolloutSheet::showButton()
{
    if (!m_detail)
        return;
    const service::Permission &may = m_detail->may(m_act);
    m_button->setText(models::actButton(m_act, m_detail->row));
    const bool isTyped = !needsTyping() || m_typing->text() == models::text(m_id.name);
    const bool isFilled =
        m_act != RolloutAct::SetImage || (m_choice->count() > 0 && !m_image->text().trimmed().isEmpty());
    const bool hasMoved = m_detail->row.seen() != m_seen;
    m_button->setEnabled(may.isAllowed && isTyped && isFilled && !hasMoved && !isWriting());
    m_button->setToolTip(may.isAllowed ? QString() : models::sentence(may.reason));
    m_button->setAccessibleDescription(m_button->toolTip());
    if (!may.isAllowed && !isWriting() && m_banner->text().isEmpty())
        m_banner->show({Mark::Lock, StatusColor::Unknown}, models::sentence(may.reason));
}

void RolloutSheet::carryOut()
{
    service::RolloutRequest request{m_id, m_act, m_seen, 0, {}};
    if (m_act == RolloutAct::Undo)
        request.revision = m_choice->currentData().toLongLong();
    if (m_act == RolloutAct::SetImage)
        request.images = {{models::utf8(m_choice->currentText()), models::utf8(m_image->text().trimmed())}};
    startWriting();
    m_banner->clear();
    showButton();
    service::whenDone(service::rolloutsOf(m_service).act(request), this, [this](const Expected<std::string> &done) {
        const bool isLeft = endWriting();
        if (done) {
            Q_EMIT acted(models::sentence(*done));
            accept();
            return;
        }
        const bool isUnknown = done.error().code() == ErrorCode::Unknown;
        const QString problem =
            isUnknown ? tr("The answer was lost. Whether it was done is being checked; the line of the Rollout tells.")
                      : models::sentence(done.error().text());
        if (isLeft) {
            Q_EMIT failedUnseen(tr("%1: %2", "act, what happened").arg(m_title->text(), problem));
            return;
        }
        if (!isUnknown && m_detail->row.seen() != m_seen) {
            showMoved(problem);
            showButton();
            return;
        }
        m_banner->show(
            {isUnknown ? Mark::Unknown : Mark::Failed, isUnknown ? StatusColor::Unknown : StatusColor::Degraded},
            problem);
        showButton();
    });
}

} // namespace tiphys::ui
