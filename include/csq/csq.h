/*
 * csq/csq.h — all of libcsq.
 */
#ifndef CSQ_CSQ_H
#define CSQ_CSQ_H

#include "csq/base.h"
#include "csq/time.h"
#include "csq/column.h"
#include "csq/calendar.h"
#include "csq/stat.h"
#include "csq/condition.h"
#include "csq/ticket.h"
#include "csq/sla.h"
#include "csq/sla_attribution.h"
#include "csq/sla_explain.h"
#include "csq/sla_live.h"
#include "csq/sla_preset.h"
#include "csq/sla_ranking.h"
#include "csq/sla_tally.h"
#include "csq/sla_what_if.h"
#include "csq/rules.h"

#endif
