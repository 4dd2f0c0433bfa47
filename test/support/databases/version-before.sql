CREATE FUNCTION public.ledger_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin raise exception 'the ledger is append-only'; end $$;
CREATE TABLE public.brake (
    tenant text NOT NULL,
    number integer NOT NULL,
    stopped boolean NOT NULL,
    by text,
    reason text,
    at text
);
CREATE TABLE public.card (
    tenant text NOT NULL,
    incident text NOT NULL,
    platform text NOT NULL,
    key text NOT NULL,
    ref text,
    sent_revision integer DEFAULT 0 NOT NULL,
    posting boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    lease text,
    lease_until timestamp with time zone,
    not_before timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    due boolean DEFAULT true NOT NULL,
    awaited boolean DEFAULT false NOT NULL,
    gathered text
);
CREATE TABLE public.decision (
    tenant text NOT NULL,
    incident text NOT NULL,
    plan_digest text NOT NULL,
    action text NOT NULL,
    person text NOT NULL,
    name text NOT NULL,
    platform text NOT NULL,
    at text NOT NULL,
    ord integer NOT NULL,
    roles text DEFAULT '["approver"]'::text NOT NULL,
    addresses text DEFAULT '[]'::text NOT NULL,
    reason text,
    sign_in text,
    account text DEFAULT ''::text NOT NULL
);
ALTER TABLE public.decision ALTER COLUMN ord ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.decision_ord_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.delivery (
    tenant text NOT NULL,
    source text NOT NULL,
    delivery_id text NOT NULL,
    incident text,
    at text NOT NULL,
    body text,
    created boolean
);
CREATE TABLE public.incident (
    tenant text NOT NULL,
    id text NOT NULL,
    dedupe_key text NOT NULL,
    alert text NOT NULL,
    alerts integer DEFAULT 1 NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    plan_digest text,
    deadline text,
    run_id text,
    closed_by text,
    reason text,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    asked_at text,
    nudges integer DEFAULT 0 NOT NULL,
    nudge_at text,
    parent text,
    askers text DEFAULT '[]'::text NOT NULL,
    taken_in text DEFAULT '[]'::text NOT NULL,
    elsewhere text DEFAULT '[]'::text NOT NULL,
    breach text,
    previous text
);
CREATE TABLE public.incident_key (
    tenant text NOT NULL,
    key text NOT NULL,
    incident text NOT NULL
);
CREATE TABLE public.kv (
    ns text NOT NULL,
    k text NOT NULL,
    v text NOT NULL,
    exp bigint
);
CREATE TABLE public.ledger (
    tenant text NOT NULL,
    seq integer NOT NULL,
    incident text,
    type text NOT NULL,
    at text NOT NULL,
    bytes text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.ledger_head (
    tenant text NOT NULL,
    seq integer NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.lift_vote (
    tenant text NOT NULL,
    number integer NOT NULL,
    person text NOT NULL,
    name text NOT NULL,
    roles text NOT NULL,
    at text NOT NULL,
    ord integer NOT NULL,
    platform text DEFAULT ''::text NOT NULL,
    account text DEFAULT ''::text NOT NULL
);
ALTER TABLE public.lift_vote ALTER COLUMN ord ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.lift_vote_ord_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.link (
    tenant text NOT NULL,
    platform text NOT NULL,
    account text NOT NULL,
    person text NOT NULL,
    how text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.mailbox_flag (
    tenant text NOT NULL,
    mailbox text NOT NULL,
    incident text NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    owner text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.plan (
    tenant text NOT NULL,
    digest text NOT NULL,
    incident text NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.policy_current (
    tenant text NOT NULL,
    digest text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.policy_version (
    tenant text NOT NULL,
    digest text NOT NULL,
    body text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.replay (
    tenant text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.room (
    tenant text NOT NULL,
    platform text NOT NULL,
    turn integer DEFAULT 0 NOT NULL,
    held_until timestamp with time zone,
    next_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fresh integer DEFAULT 0 NOT NULL,
    fresh_since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    gathering text,
    gathering_since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    dead_since text,
    dead_why text
);
CREATE TABLE public.run (
    tenant text NOT NULL,
    id text NOT NULL,
    incident text NOT NULL,
    action text NOT NULL,
    plan_digest text NOT NULL,
    state text NOT NULL,
    approved_by text NOT NULL,
    started_at text NOT NULL,
    finished_at text,
    ord integer NOT NULL,
    mode text DEFAULT 'live'::text NOT NULL,
    cause text DEFAULT 'approved'::text NOT NULL,
    mailboxes integer DEFAULT 0 NOT NULL,
    rescoped_at text,
    cancelled_at text,
    CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text])))
);
ALTER TABLE public.run ALTER COLUMN ord ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.run_ord_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.schema_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);
CREATE TABLE public.schema_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.ticket (
    tenant text NOT NULL,
    id text NOT NULL,
    kind text NOT NULL,
    platform text NOT NULL,
    account text NOT NULL,
    home text NOT NULL,
    account_name text NOT NULL,
    person text,
    vote text,
    expires_at text NOT NULL,
    state text NOT NULL,
    browser text,
    nonce text,
    verifier text,
    signed_in text,
    code text
);
CREATE TABLE public.work_item (
    tenant text NOT NULL,
    run text NOT NULL,
    seq integer NOT NULL,
    mailbox text NOT NULL,
    address text NOT NULL,
    message text NOT NULL,
    folder_id text NOT NULL,
    folder text NOT NULL,
    before text,
    state text DEFAULT 'ready'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    intent_at text,
    outcome text,
    detail text,
    request_id text,
    air_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT work_item_check CHECK (((state = 'leased'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT work_item_check1 CHECK (((state = 'done'::text) = (outcome IS NOT NULL))),
    CONSTRAINT work_item_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'leased'::text, 'done'::text])))
);
INSERT INTO public.brake VALUES ('00000000-0000-4000-8000-00000000c0de', 0, false, NULL, NULL, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0001', 'teams', '0f70e327-4de0-44a3-ada2-443acfe3da2e', '{"platform":"teams","channel":"teams-alerts","message":"card-1","via":""}', 5, false, 0, NULL, NULL, '2026-11-30 00:44:50.782812+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0001', 'slack', '07c00b73-80ae-462d-a29a-97325b7de482', '{"platform":"slack","channel":"slack-alerts","message":"card-1","via":""}', 5, false, 0, NULL, NULL, '2026-11-30 00:44:50.698953+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0003', 'teams', 'b772f485-e67c-43a4-b5d5-f13bac0f096e', '{"platform":"teams","channel":"teams-alerts","message":"card-3","via":""}', 4, false, 0, NULL, NULL, '2026-11-30 00:44:52.124561+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0002', 'slack', '03692b8f-8ea2-40d8-89e1-08294e75b473', '{"platform":"slack","channel":"slack-alerts","message":"card-2","via":""}', 3, false, 0, NULL, NULL, '2026-11-30 00:44:51.583563+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0002', 'teams', '544ca5b1-4dbb-4721-b48e-3f9d1c07b7f5', '{"platform":"teams","channel":"teams-alerts","message":"card-2","via":""}', 3, false, 0, NULL, NULL, '2026-11-30 00:44:51.650248+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0003', 'slack', '0109fdb7-8d06-4a89-a9d9-c8d0de7afb6e', '{"platform":"slack","channel":"slack-alerts","message":"card-3","via":""}', 4, false, 0, NULL, NULL, '2026-11-30 00:44:52.048146+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0004', 'slack', '30ba951d-e6d3-4100-acbc-390ed2347902', '{"platform":"slack","channel":"slack-alerts","message":"card-4","via":""}', 3, false, 0, NULL, NULL, '2026-11-30 00:44:52.41527+00', false, false, NULL);
INSERT INTO public.card VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0004', 'teams', 'b18241e9-cee7-4465-bc8d-4dd6f05cd7f6', '{"platform":"teams","channel":"teams-alerts","message":"card-4","via":""}', 3, false, 0, NULL, NULL, '2026-11-30 00:44:52.833128+00', false, false, NULL);
INSERT INTO public.decision OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0001', 'b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c', 'purge', '11111111-0000-4000-8000-000000000001', 'Dana', 'slack', '2026-11-20T08:00:01.000Z', 1, '["approver"]', '["dana@contoso.example"]', NULL, NULL, 'U0DANA');
INSERT INTO public.decision OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0001', 'b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c', 'purge', '11111111-0000-4000-8000-000000000002', 'Omar', 'teams', '2026-11-20T08:00:01.000Z', 2, '["approver"]', '["omar@contoso.example"]', NULL, NULL, '11111111-0000-4000-8000-000000000002');
INSERT INTO public.decision OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0004', '0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254', 'purge', '11111111-0000-4000-8000-000000000001', 'Dana', 'slack', '2026-11-20T08:00:01.000Z', 3, '["approver"]', '["dana@contoso.example"]', NULL, NULL, 'U0DANA');
INSERT INTO public.delivery VALUES ('00000000-0000-4000-8000-00000000c0de', 'test', 'b3eae15e-0e18-46cd-984f-0db56200fcb9', 'CB-0001', '2026-11-20T08:00:01.000Z', 'b3eae15e-0e18-46cd-984f-0db56200fcb9', true);
INSERT INTO public.delivery VALUES ('00000000-0000-4000-8000-00000000c0de', 'test', '7e999bce-8886-40fe-b0e1-bcbf54031b64', 'CB-0002', '2026-11-20T08:00:01.000Z', '7e999bce-8886-40fe-b0e1-bcbf54031b64', true);
INSERT INTO public.delivery VALUES ('00000000-0000-4000-8000-00000000c0de', 'test', 'c1b709db-599a-4077-a143-73a49529f29c', 'CB-0003', '2026-11-20T08:00:01.000Z', 'c1b709db-599a-4077-a143-73a49529f29c', true);
INSERT INTO public.delivery VALUES ('00000000-0000-4000-8000-00000000c0de', 'test', 'fcfc1ec4-c925-4702-9cb1-339b24e764d1', 'CB-0004', '2026-11-20T08:00:01.000Z', 'fcfc1ec4-c925-4702-9cb1-339b24e764d1', true);
INSERT INTO public.incident VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0002', 'mail ["<rejected@mailer.example>","billing@fabrikam.example","Invoice overdue"]', '{"id":"det-1","source":"test detector","verdict":"phishing","severity":"high","detectedAt":"2026-11-20T08:00:00Z","message":{"internetMessageId":"<rejected@mailer.example>","networkMessageId":null,"sender":"billing@fabrikam.example","senderName":null,"subject":"Invoice overdue","receivedAt":null,"urls":[],"attachments":[]},"recipients":["ann@contoso.example","bob@contoso.example"],"reporter":null,"requester":null,"confidence":null,"findings":[],"unreadablePeople":false,"from":{"name":"test","kind":"detector","claims":{"confidence":100,"actFirst":true,"recipients":true,"ids":true,"reporters":true}},"networkIds":[],"received":["ann@contoso.example","bob@contoso.example"],"leftOut":0,"said":[{"source":"test","verdict":"phishing","severity":"high"}]}', 1, 'rejected', 3, '7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff', NULL, NULL, 'Dana', 'Our own newsletter', '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', NULL, 0, NULL, NULL, '[]', '[]', '[]', NULL, NULL);
INSERT INTO public.incident VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0001', 'mail ["<purged@mailer.example>","billing@fabrikam.example","Invoice overdue"]', '{"id":"det-1","source":"test detector","verdict":"phishing","severity":"high","detectedAt":"2026-11-20T08:00:00Z","message":{"internetMessageId":"<purged@mailer.example>","networkMessageId":null,"sender":"billing@fabrikam.example","senderName":null,"subject":"Invoice overdue","receivedAt":null,"urls":[],"attachments":[]},"recipients":["ann@contoso.example","bob@contoso.example"],"reporter":null,"requester":null,"confidence":null,"findings":[],"unreadablePeople":false,"from":{"name":"test","kind":"detector","claims":{"confidence":100,"actFirst":true,"recipients":true,"ids":true,"reporters":true}},"networkIds":[],"received":["ann@contoso.example","bob@contoso.example"],"leftOut":0,"said":[{"source":"test","verdict":"phishing","severity":"high"}]}', 1, 'purged', 5, 'b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c', NULL, '0f5cf930-0f14-4bf8-94b7-02027261742a', NULL, NULL, '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', NULL, 0, NULL, NULL, '[]', '[]', '[]', NULL, NULL);
INSERT INTO public.incident VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0003', 'mail ["<contained@mailer.example>","billing@fabrikam.example","Invoice overdue"]', '{"id":"det-1","source":"test detector","verdict":"phishing","severity":"high","detectedAt":"2026-11-20T08:00:00Z","message":{"internetMessageId":"<contained@mailer.example>","networkMessageId":null,"sender":"billing@fabrikam.example","senderName":null,"subject":"Invoice overdue","receivedAt":null,"urls":[],"attachments":[]},"recipients":["ann@contoso.example","bob@contoso.example"],"reporter":null,"requester":null,"confidence":null,"findings":[],"unreadablePeople":false,"from":{"name":"test","kind":"detector","claims":{"confidence":100,"actFirst":true,"recipients":true,"ids":true,"reporters":true}},"networkIds":[],"received":["ann@contoso.example","bob@contoso.example"],"leftOut":0,"said":[{"source":"test","verdict":"phishing","severity":"high"}]}', 1, 'contained', 4, '2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47', '2026-11-20T08:30:01.000Z', '7f67f757-8cc5-4399-b055-58f25371c0b5', NULL, NULL, '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', 0, NULL, NULL, '[]', '[]', '[]', NULL, NULL);
INSERT INTO public.incident VALUES ('00000000-0000-4000-8000-00000000c0de', 'CB-0004', 'mail ["<open@mailer.example>","billing@fabrikam.example","Invoice overdue"]', '{"id":"det-1","source":"test detector","verdict":"phishing","severity":"high","detectedAt":"2026-11-20T08:00:00Z","message":{"internetMessageId":"<open@mailer.example>","networkMessageId":null,"sender":"billing@fabrikam.example","senderName":null,"subject":"Invoice overdue","receivedAt":null,"urls":[],"attachments":[]},"recipients":["ann@contoso.example","bob@contoso.example"],"reporter":null,"requester":null,"confidence":null,"findings":[],"unreadablePeople":false,"from":{"name":"test","kind":"detector","claims":{"confidence":100,"actFirst":true,"recipients":true,"ids":true,"reporters":true}},"networkIds":[],"received":["ann@contoso.example","bob@contoso.example"],"leftOut":0,"said":[{"source":"test","verdict":"phishing","severity":"high"}]}', 1, 'open', 3, '0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254', '2026-11-20T09:00:01.000Z', NULL, NULL, NULL, '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', 0, NULL, NULL, '[]', '[]', '[]', NULL, NULL);
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'mail ["<purged@mailer.example>","billing@fabrikam.example","Invoice overdue"]', 'CB-0001');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'from ["<purged@mailer.example>","billing@fabrikam.example"]', 'CB-0001');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'mail ["<rejected@mailer.example>","billing@fabrikam.example","Invoice overdue"]', 'CB-0002');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'from ["<rejected@mailer.example>","billing@fabrikam.example"]', 'CB-0002');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'mail ["<contained@mailer.example>","billing@fabrikam.example","Invoice overdue"]', 'CB-0003');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'from ["<contained@mailer.example>","billing@fabrikam.example"]', 'CB-0003');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'mail ["<open@mailer.example>","billing@fabrikam.example","Invoice overdue"]', 'CB-0004');
INSERT INTO public.incident_key VALUES ('00000000-0000-4000-8000-00000000c0de', 'from ["<open@mailer.example>","billing@fabrikam.example"]', 'CB-0004');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 1, NULL, 'policy.adopted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"before":null,"diff":"the first one","from":"test","policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","rules":2},"incident":null,"mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":null,"prev":"0000000000000000000000000000000000000000000000000000000000000000","requestId":null,"seq":1,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"policy.adopted"}', '2615ad71addb6d9905b29f64beecfbeddeb2cda8472ea3dc0297db459abaa2dc');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 2, 'CB-0001', 'alert.received', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"test","kind":"source","name":"test"},"at":"2026-11-20T08:00:01.000Z","detail":{"alert":"det-1","confidence":null,"delivery":"b3eae15e-0e18-46cd-984f-0db56200fcb9","heard":"39194478eba589cf57c28a0d2affa8b9371790e8d29c05f0cf2c69b15701aae8","internetMessageId":"<purged@mailer.example>","previous":null,"recipients":2,"says":"test detector","sender":"billing@fabrikam.example","severity":"high","source":"test","verdict":"phishing"},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":"intake","prev":"2615ad71addb6d9905b29f64beecfbeddeb2cda8472ea3dc0297db459abaa2dc","requestId":null,"seq":2,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"alert.received"}', '43ae8e0833a9e650e0f033e611e3f01819b739716988717d819365302f02ddcb');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 3, 'CB-0001', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"ann@contoso.example","messages":1,"note":""},"incident":"CB-0001","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"43ae8e0833a9e650e0f033e611e3f01819b739716988717d819365302f02ddcb","requestId":"1742ec1c-7fa1-427c-b577-900c001d2650","seq":3,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '6e70293956003c5d6f0d5a790d63a89a7952c61248a33a8e717d17a69fa179ab');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 4, 'CB-0001', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"bob@contoso.example","messages":1,"note":""},"incident":"CB-0001","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"6e70293956003c5d6f0d5a790d63a89a7952c61248a33a8e717d17a69fa179ab","requestId":"4dbbf72f-e1f0-4fcf-af2a-59951abb163e","seq":4,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '635fda210c9537a762fdf519ad46a397c227eadace137a44e2d1234c62b0e0fd');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 5, 'CB-0001', 'plan.made', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"copies":2,"denied":0,"failed":0,"finder.hunting":"off, 2026-11-20T08:00:01.000Z: 0 named","foundBy":"recipients","leftAlone":0,"legalHold":0,"mailboxes":2,"missing":0,"mode":"live","notLooked":0,"nothing":0,"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","read":0,"recipientsMay":false,"rule.contain":"no rule: refused: no rule of the policy allows contain here","rule.flag":"flag: 1 × approver within 60 minutes","rule.hard-purge":"no rule: refused: no rule of the policy allows hard-purge here","rule.purge":"purge or undo: 2 × approver within 60 minutes","rule.undo":"purge or undo: 2 × approver within 60 minutes","shielded":0,"takenIn":0,"trackingCut":false,"unreachable":0,"unresolved":0,"unsure":0,"vip":0},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":null,"prev":"635fda210c9537a762fdf519ad46a397c227eadace137a44e2d1234c62b0e0fd","requestId":"75ecb497-fa93-4599-933b-6023e69063c0","seq":5,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"plan.made"}', 'e48456fb88e95f9aff4a09fa2bbe27372725df030033825728378c8cd9fe2476');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 6, 'CB-0001', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"slack-alerts","message":"card-1","platform":"slack","via":""},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":"slack","prev":"e48456fb88e95f9aff4a09fa2bbe27372725df030033825728378c8cd9fe2476","requestId":null,"seq":6,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '6750764059d41edc62f846c5427f89c89a4fdf8ddaab75fe21c29d73e1d2bb0e');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 7, 'CB-0001', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"teams-alerts","message":"card-1","platform":"teams","via":""},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"teams","prev":"6750764059d41edc62f846c5427f89c89a4fdf8ddaab75fe21c29d73e1d2bb0e","requestId":null,"seq":7,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '226262690844d8417e0d56f0a2d4f649cbbd94854c8a3ef85c6d9778a2329b2a');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 8, 'CB-0001', 'decision.approved', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"11111111-0000-4000-8000-000000000001","kind":"person","name":"Dana"},"at":"2026-11-20T08:00:01.000Z","detail":{"account":"U0DANA","action":"purge","count":1,"needed":2,"over":null,"reason":null,"roles":"approver","rule":"purge or undo","seats":"2 × approver","signIn":null,"votedAt":"2026-11-20T08:00:01.000Z"},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"slack","prev":"226262690844d8417e0d56f0a2d4f649cbbd94854c8a3ef85c6d9778a2329b2a","requestId":null,"seq":8,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"decision.approved"}', 'abbf4bb93d374cbef711360e42c564af9c7a30391fa37b237da2ccd757456a61');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 9, 'CB-0001', 'decision.approved', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"11111111-0000-4000-8000-000000000002","kind":"person","name":"Omar"},"at":"2026-11-20T08:00:01.000Z","detail":{"account":"11111111-0000-4000-8000-000000000002","action":"purge","count":2,"needed":2,"over":null,"reason":null,"roles":"approver","rule":"purge or undo","seats":"2 × approver","signIn":null,"votedAt":"2026-11-20T08:00:01.000Z"},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"teams","prev":"abbf4bb93d374cbef711360e42c564af9c7a30391fa37b237da2ccd757456a61","requestId":null,"seq":9,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"decision.approved"}', 'd1d25b5b50569a82f7a3384ce96b488e9878d6cd78c8534aa61813e6eb60ea84');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 10, 'CB-0001', 'run.started', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","approvedBy":"11111111-0000-4000-8000-000000000001 11111111-0000-4000-8000-000000000002","cause":"approved","copies":2,"mailboxes":2,"mode":"live","policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","rule":"purge or undo","run":"0f5cf930-0f14-4bf8-94b7-02027261742a","seats":"2 × approver"},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":null,"prev":"d1d25b5b50569a82f7a3384ce96b488e9878d6cd78c8534aa61813e6eb60ea84","requestId":null,"seq":10,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"run.started"}', '380ccbefe97fc1ac6103684d7adf496f3fe7a69cb93c5365cd9c16a8bb41af45');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 33, 'CB-0003', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"teams-alerts","message":"card-3","platform":"teams","via":""},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"teams","prev":"1f189721f6576e73a83cfc825eeef40f8f39e20176baa803cd799a3e51b3f933","requestId":null,"seq":33,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '468c573b5f621f7b14190b3285a32e770703f332db82b267bb443abacbc374f1');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 37, NULL, 'policy.adopted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"before":"3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb","diff":"rules.0.name: \"at once\" -> \"purge or undo\"; rules.0.when.action: +purge +undo -contain; rules.0.expiryMinutes: 30 -> 60; rules.0.actFirst: true -> false; rules.1.name: \"purge or undo\" -> \"flag\"; rules.1.when.action: +flag -purge -undo; rules.1.approve.0.count: 2 -> 1; rules.2: {\"name\":\"flag\",\"when\":{\"action\":[\"flag\"]},\"approve\":[{\"role\":\"approver\",\"count\":1}],\"expiryMinutes\":60,\"escalation\":[],… -> nothing","from":"test","policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","rules":2},"incident":null,"mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":null,"prev":"1f40133597425743bd0a89fd920e1490483146c2e4799c48ba0efd00108e2371","requestId":null,"seq":37,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"policy.adopted"}', 'b1311848ce8e7bf29aecf192d8d369b95492f8d483efcfabc03b7c49957e8f65');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 38, 'CB-0004', 'alert.received', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"test","kind":"source","name":"test"},"at":"2026-11-20T08:00:01.000Z","detail":{"alert":"det-1","confidence":null,"delivery":"fcfc1ec4-c925-4702-9cb1-339b24e764d1","heard":"1b70b42968289f787b6a64e176842bb4c2074f8c5f62560d057c7250f4855145","internetMessageId":"<open@mailer.example>","previous":null,"recipients":2,"says":"test detector","sender":"billing@fabrikam.example","severity":"high","source":"test","verdict":"phishing"},"incident":"CB-0004","mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":"intake","prev":"b1311848ce8e7bf29aecf192d8d369b95492f8d483efcfabc03b7c49957e8f65","requestId":null,"seq":38,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"alert.received"}', '08ec18a8af677ea893f5cf7a6be2441e9fa29e060d3727d8f4ad6bfa0f06f417');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 11, 'CB-0001', 'copy.intent', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","address":"ann@contoso.example","attempt":1},"incident":"CB-0001","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m1","outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"graph","prev":"380ccbefe97fc1ac6103684d7adf496f3fe7a69cb93c5365cd9c16a8bb41af45","requestId":null,"seq":11,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.intent"}', '1b976191c007079f5746181ff07b3cb7bd5727fa67ef2b3a63649d3c69e29ce5');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 12, 'CB-0001', 'copy.intent', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","address":"bob@contoso.example","attempt":1},"incident":"CB-0001","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m2","outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"graph","prev":"1b976191c007079f5746181ff07b3cb7bd5727fa67ef2b3a63649d3c69e29ce5","requestId":null,"seq":12,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.intent"}', '5226a26dfef76a3a8721924f50728b6a11e3a9841c1573d86235d2d1fbf15bbb');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 13, 'CB-0001', 'copy.outcome', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","address":"ann@contoso.example","note":"seen in Recoverable Items, from where its owner can still recover it"},"incident":"CB-0001","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m1","outcome":"removed","planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"graph","prev":"5226a26dfef76a3a8721924f50728b6a11e3a9841c1573d86235d2d1fbf15bbb","requestId":"9bd5c43e-d339-4549-9ac0-39bf1b9a3faf","seq":13,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.outcome"}', '8658c32ecaa884c9dd2183cfee1406bb86e2b0cfa7c5f32b28b2865c68695a74');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 14, 'CB-0001', 'copy.outcome', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","address":"bob@contoso.example","note":"seen in Recoverable Items, from where its owner can still recover it"},"incident":"CB-0001","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m2","outcome":"removed","planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":"graph","prev":"8658c32ecaa884c9dd2183cfee1406bb86e2b0cfa7c5f32b28b2865c68695a74","requestId":"e63a3a64-368d-4621-8424-00f3868029f4","seq":14,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.outcome"}', 'c1ff9ae53498c9991b5a9c37f8f631761d570bbd6fb3bbab211606ae7d71c6a4');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 15, 'CB-0001', 'scope.checked', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"again":false,"cutOff":false,"denied":0,"failed":0,"failedFirst":null,"finder":"off","grown":0,"looked":2,"missing":0,"named":0,"notLooked":0,"noted":0,"protected":0,"protectedBy":null,"run":"0f5cf930-0f14-4bf8-94b7-02027261742a","shielded":0,"unreachable":0,"unresolved":0,"unresolvedFirst":null,"unsure":0,"why":""},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":null,"prev":"c1ff9ae53498c9991b5a9c37f8f631761d570bbd6fb3bbab211606ae7d71c6a4","requestId":"a668af4d-ad61-4ac6-9e60-ccb83bcd3010","seq":15,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"scope.checked"}', '38a48f6294f71b270481194b1a9723c521004d363fbefcc57769f2c98055700c');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 16, 'CB-0001', 'run.finished', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"purge","copies":2,"run":"0f5cf930-0f14-4bf8-94b7-02027261742a","summary":"removed 2"},"incident":"CB-0001","mailbox":null,"message":null,"outcome":null,"planDigest":"b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c","platform":null,"prev":"38a48f6294f71b270481194b1a9723c521004d363fbefcc57769f2c98055700c","requestId":null,"seq":16,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"run.finished"}', '9d7171e280469f855dea0ea0292553a60f69b69945343c0a04b65524b7865dfe');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 17, 'CB-0002', 'alert.received', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"test","kind":"source","name":"test"},"at":"2026-11-20T08:00:01.000Z","detail":{"alert":"det-1","confidence":null,"delivery":"7e999bce-8886-40fe-b0e1-bcbf54031b64","heard":"77351b65d2cc7d9fba06f7dc1e8c754af8068c30d6867763db2c87c07262e382","internetMessageId":"<rejected@mailer.example>","previous":null,"recipients":2,"says":"test detector","sender":"billing@fabrikam.example","severity":"high","source":"test","verdict":"phishing"},"incident":"CB-0002","mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":"intake","prev":"9d7171e280469f855dea0ea0292553a60f69b69945343c0a04b65524b7865dfe","requestId":null,"seq":17,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"alert.received"}', '08e446cb40ac9796ae7cfe495d6cd961759a31e5b939affa893eae159d1bb922');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 18, 'CB-0002', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"ann@contoso.example","messages":1,"note":""},"incident":"CB-0002","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"08e446cb40ac9796ae7cfe495d6cd961759a31e5b939affa893eae159d1bb922","requestId":"6eef55aa-bae6-440f-b6db-696338f003e4","seq":18,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '78364be612cf1305eec7f98163d081e3416ce85488594bc2fe707e224638a7d6');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 19, 'CB-0002', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"bob@contoso.example","messages":1,"note":""},"incident":"CB-0002","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"78364be612cf1305eec7f98163d081e3416ce85488594bc2fe707e224638a7d6","requestId":"157cd9ef-e229-4495-a8b2-96e833718f07","seq":19,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', 'f3741f63f5f0447f76d42c4b471df94e222d48a3dee4361c33fe6afc91da14dd');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 26, 'CB-0003', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"ann@contoso.example","messages":1,"note":""},"incident":"CB-0003","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"0b856452912466d3895a96bcfa4af8c8d195d7076d4170028693ab075d19f747","requestId":"2dc36f48-6233-4b65-a6f6-bfb4493be277","seq":26,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '6cac06a4a8ab116f7131ce95e71365d638b97befcc93949e1a26bf9d10f6523b');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 20, 'CB-0002', 'plan.made', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"copies":2,"denied":0,"failed":0,"finder.hunting":"off, 2026-11-20T08:00:01.000Z: 0 named","foundBy":"recipients","leftAlone":0,"legalHold":0,"mailboxes":2,"missing":0,"mode":"live","notLooked":0,"nothing":0,"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","read":0,"recipientsMay":false,"rule.contain":"no rule: refused: no rule of the policy allows contain here","rule.flag":"flag: 1 × approver within 60 minutes","rule.hard-purge":"no rule: refused: no rule of the policy allows hard-purge here","rule.purge":"purge or undo: 2 × approver within 60 minutes","rule.undo":"purge or undo: 2 × approver within 60 minutes","shielded":0,"takenIn":0,"trackingCut":false,"unreachable":0,"unresolved":0,"unsure":0,"vip":0},"incident":"CB-0002","mailbox":null,"message":null,"outcome":null,"planDigest":"7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff","platform":null,"prev":"f3741f63f5f0447f76d42c4b471df94e222d48a3dee4361c33fe6afc91da14dd","requestId":"ec11ed23-1876-4c1a-9d98-80826cdb1e9d","seq":20,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"plan.made"}', '868dcca81cec20334362612234aac2413e34b12a3b949b98115c938989272c6c');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 21, 'CB-0002', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"teams-alerts","message":"card-2","platform":"teams","via":""},"incident":"CB-0002","mailbox":null,"message":null,"outcome":null,"planDigest":"7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff","platform":"teams","prev":"868dcca81cec20334362612234aac2413e34b12a3b949b98115c938989272c6c","requestId":null,"seq":21,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '7856ae01dc4cc2e83ada2e7f7efe08ec7161a7761451d2c6ca25480c17adbcdd');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 22, 'CB-0002', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"slack-alerts","message":"card-2","platform":"slack","via":""},"incident":"CB-0002","mailbox":null,"message":null,"outcome":null,"planDigest":"7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff","platform":"slack","prev":"7856ae01dc4cc2e83ada2e7f7efe08ec7161a7761451d2c6ca25480c17adbcdd","requestId":null,"seq":22,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '203ae55fecdac4d465fd4f85f6f3844383cdebd6dbbaba350f5f5570683d01ba');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 23, 'CB-0002', 'decision.rejected', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"11111111-0000-4000-8000-000000000001","kind":"person","name":"Dana"},"at":"2026-11-20T08:00:01.000Z","detail":{"approvedBy":"11111111-0000-4000-8000-000000000001","reason":"Our own newsletter","roles":"approver","seats":"1 × approver"},"incident":"CB-0002","mailbox":null,"message":null,"outcome":null,"planDigest":"7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff","platform":"slack","prev":"203ae55fecdac4d465fd4f85f6f3844383cdebd6dbbaba350f5f5570683d01ba","requestId":null,"seq":23,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"decision.rejected"}', '1747ad4047960193dab14dbee7b8dcbac96b454ecd45ac59c2a41cb57e78da64');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 24, NULL, 'policy.adopted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"before":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","diff":"rules.0.name: \"purge or undo\" -> \"at once\"; rules.0.when.action: +contain -purge -undo; rules.0.expiryMinutes: 60 -> 30; rules.0.actFirst: false -> true; rules.1.name: \"flag\" -> \"purge or undo\"; rules.1.when.action: +purge +undo -flag; rules.1.approve.0.count: 1 -> 2; rules.2: nothing -> {\"name\":\"flag\",\"when\":{\"action\":[\"flag\"]},\"approve\":[{\"role\":\"approver\",\"count\":1}],\"expiryMinutes\":60,\"escalation\":[],…","from":"test","policy":"3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb","rules":3},"incident":null,"mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":null,"prev":"1747ad4047960193dab14dbee7b8dcbac96b454ecd45ac59c2a41cb57e78da64","requestId":null,"seq":24,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"policy.adopted"}', 'f048592663b5d13b79d6de95e62b742361be66dee9597027ad3397d445bed238');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 25, 'CB-0003', 'alert.received', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"test","kind":"source","name":"test"},"at":"2026-11-20T08:00:01.000Z","detail":{"alert":"det-1","confidence":null,"delivery":"c1b709db-599a-4077-a143-73a49529f29c","heard":"5b5b85dd383a3e9210073bdf1fadbb7d1feeeda4099d66cd4bc30d0f594d9f99","internetMessageId":"<contained@mailer.example>","previous":null,"recipients":2,"says":"test detector","sender":"billing@fabrikam.example","severity":"high","source":"test","verdict":"phishing"},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":null,"platform":"intake","prev":"f048592663b5d13b79d6de95e62b742361be66dee9597027ad3397d445bed238","requestId":null,"seq":25,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"alert.received"}', '0b856452912466d3895a96bcfa4af8c8d195d7076d4170028693ab075d19f747');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 30, 'CB-0003', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"slack-alerts","message":"card-3","platform":"slack","via":""},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"slack","prev":"511f84966b81737215e258696f6114cf38b4cf1beb0b3df23e3e6c603f15bf49","requestId":null,"seq":30,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '6005c6997c0a0a8c7521b26926d40c75047c43e2c6c4c8acaed13062d00da9e7');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 27, 'CB-0003', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"bob@contoso.example","messages":1,"note":""},"incident":"CB-0003","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"6cac06a4a8ab116f7131ce95e71365d638b97befcc93949e1a26bf9d10f6523b","requestId":"1a1e6fcf-5318-4f5d-813f-87c77ecec13f","seq":27,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '51a4cc56cdd03a9ab5e08ec33fae0cb81b348f436b292df3659b6b7d59e336ff');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 28, 'CB-0003', 'plan.made', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"copies":2,"denied":0,"failed":0,"finder.hunting":"off, 2026-11-20T08:00:01.000Z: 0 named","foundBy":"recipients","leftAlone":0,"legalHold":0,"mailboxes":2,"missing":0,"mode":"live","notLooked":0,"nothing":0,"policy":"3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb","read":0,"recipientsMay":false,"rule.contain":"at once: 2 × approver within 30 minutes, done at once and rolled back unless confirmed","rule.flag":"flag: 1 × approver within 60 minutes","rule.hard-purge":"no rule: refused: no rule of the policy allows hard-purge here","rule.purge":"purge or undo: 2 × approver within 60 minutes","rule.undo":"purge or undo: 2 × approver within 60 minutes","shielded":0,"takenIn":0,"trackingCut":false,"unreachable":0,"unresolved":0,"unsure":0,"vip":0},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":null,"prev":"51a4cc56cdd03a9ab5e08ec33fae0cb81b348f436b292df3659b6b7d59e336ff","requestId":"a03efa9a-91cd-4f70-b8c8-427eace5308c","seq":28,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"plan.made"}', 'c80712e7ae66cfea2396b5db085e97de20dabc3732dc22fe014e9d02b259845a');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 29, 'CB-0003', 'run.started', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","approvedBy":"","cause":"policy","confirm":"2 × approver","copies":2,"mailboxes":2,"mode":"live","policy":"3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb","rule":"at once","run":"7f67f757-8cc5-4399-b055-58f25371c0b5"},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":null,"prev":"c80712e7ae66cfea2396b5db085e97de20dabc3732dc22fe014e9d02b259845a","requestId":null,"seq":29,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"run.started"}', '511f84966b81737215e258696f6114cf38b4cf1beb0b3df23e3e6c603f15bf49');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 31, 'CB-0003', 'copy.intent', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","address":"ann@contoso.example","attempt":1},"incident":"CB-0003","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m5","outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"graph","prev":"6005c6997c0a0a8c7521b26926d40c75047c43e2c6c4c8acaed13062d00da9e7","requestId":null,"seq":31,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.intent"}', 'a1883439737b9d77beb6401caff56afaf7b8f5ba285fae7510e35149863bd21c');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 32, 'CB-0003', 'copy.intent', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","address":"bob@contoso.example","attempt":1},"incident":"CB-0003","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m6","outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"graph","prev":"a1883439737b9d77beb6401caff56afaf7b8f5ba285fae7510e35149863bd21c","requestId":null,"seq":32,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.intent"}', '1f189721f6576e73a83cfc825eeef40f8f39e20176baa803cd799a3e51b3f933');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 34, 'CB-0003', 'copy.outcome', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","address":"ann@contoso.example","note":"seen in Recoverable Items, from where its owner can still recover it"},"incident":"CB-0003","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m5","outcome":"removed","planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"graph","prev":"468c573b5f621f7b14190b3285a32e770703f332db82b267bb443abacbc374f1","requestId":"75e5db8c-5f6d-4954-aed4-0c8012d12103","seq":34,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.outcome"}', '20df101c550e02f6f8a6da3e66808f2b2b2d94d73dbc145af1b9f87cdb78068e');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 35, 'CB-0003', 'copy.outcome', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","address":"bob@contoso.example","note":"seen in Recoverable Items, from where its owner can still recover it"},"incident":"CB-0003","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m6","outcome":"removed","planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":"graph","prev":"20df101c550e02f6f8a6da3e66808f2b2b2d94d73dbc145af1b9f87cdb78068e","requestId":"25dcb9ed-62cf-42b5-bb4c-81c32b1025d2","seq":35,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"copy.outcome"}', '993ff6ebf739551af55c7d1a8431feb980ccdf96640011d2cbdb9852776da1c4');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 36, 'CB-0003', 'run.finished', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"action":"contain","copies":2,"run":"7f67f757-8cc5-4399-b055-58f25371c0b5","summary":"removed 2"},"incident":"CB-0003","mailbox":null,"message":null,"outcome":null,"planDigest":"2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47","platform":null,"prev":"993ff6ebf739551af55c7d1a8431feb980ccdf96640011d2cbdb9852776da1c4","requestId":null,"seq":36,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"run.finished"}', '1f40133597425743bd0a89fd920e1490483146c2e4799c48ba0efd00108e2371');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 39, 'CB-0004', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"ann@contoso.example","messages":1,"note":""},"incident":"CB-0004","mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"08ec18a8af677ea893f5cf7a6be2441e9fa29e060d3727d8f4ad6bfa0f06f417","requestId":"dbeed0f6-e4e0-44ea-90a1-c13e701c4b59","seq":39,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', '64a85ccf08b2250201decbe8fa7f74ca7d5eec2e9020128676e9bbf3d13b49de');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 40, 'CB-0004', 'mailbox.read', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"address":"bob@contoso.example","messages":1,"note":""},"incident":"CB-0004","mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":null,"outcome":"found","planDigest":null,"platform":"graph","prev":"64a85ccf08b2250201decbe8fa7f74ca7d5eec2e9020128676e9bbf3d13b49de","requestId":"bf1799f6-2d3b-4877-9d7c-37a9aaa32ae2","seq":40,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"mailbox.read"}', 'cd7ef300b5f84387b9289569d67f9ee5fd2db1cb96e43121a59ca3a46f0a9d3c');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 41, 'CB-0004', 'plan.made', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"copies":2,"denied":0,"failed":0,"finder.hunting":"off, 2026-11-20T08:00:01.000Z: 0 named","foundBy":"recipients","leftAlone":0,"legalHold":0,"mailboxes":2,"missing":0,"mode":"live","notLooked":0,"nothing":0,"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","read":0,"recipientsMay":false,"rule.contain":"no rule: refused: no rule of the policy allows contain here","rule.flag":"flag: 1 × approver within 60 minutes","rule.hard-purge":"no rule: refused: no rule of the policy allows hard-purge here","rule.purge":"purge or undo: 2 × approver within 60 minutes","rule.undo":"purge or undo: 2 × approver within 60 minutes","shielded":0,"takenIn":0,"trackingCut":false,"unreachable":0,"unresolved":0,"unsure":0,"vip":0},"incident":"CB-0004","mailbox":null,"message":null,"outcome":null,"planDigest":"0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254","platform":null,"prev":"cd7ef300b5f84387b9289569d67f9ee5fd2db1cb96e43121a59ca3a46f0a9d3c","requestId":"5d86dbfd-369a-4446-bc96-4fbfc96fa3e2","seq":41,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"plan.made"}', '665542d55e6d98201ca1945dd408f91c6965b7f5d33babda206f25cc12305864');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 42, 'CB-0004', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"teams-alerts","message":"card-4","platform":"teams","via":""},"incident":"CB-0004","mailbox":null,"message":null,"outcome":null,"planDigest":"0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254","platform":"teams","prev":"665542d55e6d98201ca1945dd408f91c6965b7f5d33babda206f25cc12305864","requestId":null,"seq":42,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', '72a2582e4570f06dd8963ec734fd81d5b577c3b7ae4e33547046a1bd32a5202d');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 43, 'CB-0004', 'card.posted', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"clawback","kind":"service","name":"Clawback"},"at":"2026-11-20T08:00:01.000Z","detail":{"channel":"slack-alerts","message":"card-4","platform":"slack","via":""},"incident":"CB-0004","mailbox":null,"message":null,"outcome":null,"planDigest":"0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254","platform":"slack","prev":"72a2582e4570f06dd8963ec734fd81d5b577c3b7ae4e33547046a1bd32a5202d","requestId":null,"seq":43,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"card.posted"}', 'ec087afa3f86e1125c3685cb6499f365257ee5580f684b8c2e115903b4172f85');
INSERT INTO public.ledger VALUES ('00000000-0000-4000-8000-00000000c0de', 44, 'CB-0004', 'decision.approved', '2026-11-20T08:00:01.000Z', '{"actor":{"id":"11111111-0000-4000-8000-000000000001","kind":"person","name":"Dana"},"at":"2026-11-20T08:00:01.000Z","detail":{"account":"U0DANA","action":"purge","count":1,"needed":2,"over":null,"reason":null,"roles":"approver","rule":"purge or undo","seats":"2 × approver","signIn":null,"votedAt":"2026-11-20T08:00:01.000Z"},"incident":"CB-0004","mailbox":null,"message":null,"outcome":null,"planDigest":"0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254","platform":"slack","prev":"ec087afa3f86e1125c3685cb6499f365257ee5580f684b8c2e115903b4172f85","requestId":null,"seq":44,"tenant":"00000000-0000-4000-8000-00000000c0de","type":"decision.approved"}', 'a26889b893735141078c64e5674e98d2376ee98bec1f5d5be0d78fcfa136aa81');
INSERT INTO public.ledger_head VALUES ('00000000-0000-4000-8000-00000000c0de', 44, 'a26889b893735141078c64e5674e98d2376ee98bec1f5d5be0d78fcfa136aa81');
INSERT INTO public.plan VALUES ('00000000-0000-4000-8000-00000000c0de', 'b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c', 'CB-0001', '{"asked":["ann@contoso.example","bob@contoso.example"],"copies":[{"address":"ann@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m1","receivedAt":"2026-11-20T08:00:00Z"},{"address":"bob@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m2","receivedAt":"2026-11-20T08:00:00Z"}],"denied":[],"failed":[],"finders":[{"asOf":"2026-11-20T08:00:01.000Z","cutOff":false,"detail":"","found":0,"name":"hunting","status":"off"}],"forms":{"internetMessageIds":["<purged@mailer.example>"],"senders":["billing@fabrikam.example"]},"foundBy":"recipients","grownFrom":null,"id":"79ff79f9-a2cd-462f-aa7d-7fd49dfe7faa","incident":"CB-0001","key":{"identified":[],"internetMessageId":"<purged@mailer.example>","networkMessageId":null,"receivedAt":null,"sender":"billing@fabrikam.example","subject":"Invoice overdue"},"leftAlone":[],"legalHold":0,"missing":[],"mode":"live","notLooked":0,"nothing":[],"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","received":["ann@contoso.example","bob@contoso.example"],"recipients":["295e4837-f3dd-49dc-8f87-e549dd928ff9","f6f25702-394b-4431-ba18-36a32a74e41c"],"resolvedAt":"2026-11-20T08:00:01.000Z","shielded":[],"takenIn":[],"tenant":"00000000-0000-4000-8000-00000000c0de","terms":{"contain":{"is":"refused","rule":null,"why":"no rule of the policy allows contain here"},"flag":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"flag","seats":[{"count":1,"role":"approver"}],"stepUp":null},"hard-purge":{"is":"refused","rule":null,"why":"no rule of the policy allows hard-purge here"},"purge":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null},"restore":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null}},"tooFew":[],"trackingCut":false,"unreachable":[],"unresolved":[],"unsure":[],"version":2,"vip":0}');
INSERT INTO public.plan VALUES ('00000000-0000-4000-8000-00000000c0de', '7c67ee9e06dae6350db63e3dc37358ed1e12e1a62d0c5881d0deccdf19f19fff', 'CB-0002', '{"asked":["ann@contoso.example","bob@contoso.example"],"copies":[{"address":"ann@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m3","receivedAt":"2026-11-20T08:00:00Z"},{"address":"bob@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m4","receivedAt":"2026-11-20T08:00:00Z"}],"denied":[],"failed":[],"finders":[{"asOf":"2026-11-20T08:00:01.000Z","cutOff":false,"detail":"","found":0,"name":"hunting","status":"off"}],"forms":{"internetMessageIds":["<rejected@mailer.example>"],"senders":["billing@fabrikam.example"]},"foundBy":"recipients","grownFrom":null,"id":"ad24c86b-cda9-41b4-b0e7-ba7ea45cae89","incident":"CB-0002","key":{"identified":[],"internetMessageId":"<rejected@mailer.example>","networkMessageId":null,"receivedAt":null,"sender":"billing@fabrikam.example","subject":"Invoice overdue"},"leftAlone":[],"legalHold":0,"missing":[],"mode":"live","notLooked":0,"nothing":[],"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","received":["ann@contoso.example","bob@contoso.example"],"recipients":["295e4837-f3dd-49dc-8f87-e549dd928ff9","f6f25702-394b-4431-ba18-36a32a74e41c"],"resolvedAt":"2026-11-20T08:00:01.000Z","shielded":[],"takenIn":[],"tenant":"00000000-0000-4000-8000-00000000c0de","terms":{"contain":{"is":"refused","rule":null,"why":"no rule of the policy allows contain here"},"flag":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"flag","seats":[{"count":1,"role":"approver"}],"stepUp":null},"hard-purge":{"is":"refused","rule":null,"why":"no rule of the policy allows hard-purge here"},"purge":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null},"restore":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null}},"tooFew":[],"trackingCut":false,"unreachable":[],"unresolved":[],"unsure":[],"version":2,"vip":0}');
INSERT INTO public.plan VALUES ('00000000-0000-4000-8000-00000000c0de', '2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47', 'CB-0003', '{"asked":["ann@contoso.example","bob@contoso.example"],"copies":[{"address":"ann@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m5","receivedAt":"2026-11-20T08:00:00Z"},{"address":"bob@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m6","receivedAt":"2026-11-20T08:00:00Z"}],"denied":[],"failed":[],"finders":[{"asOf":"2026-11-20T08:00:01.000Z","cutOff":false,"detail":"","found":0,"name":"hunting","status":"off"}],"forms":{"internetMessageIds":["<contained@mailer.example>"],"senders":["billing@fabrikam.example"]},"foundBy":"recipients","grownFrom":null,"id":"8faace8f-4927-4bcf-89f1-0bb36af8229b","incident":"CB-0003","key":{"identified":[],"internetMessageId":"<contained@mailer.example>","networkMessageId":null,"receivedAt":null,"sender":"billing@fabrikam.example","subject":"Invoice overdue"},"leftAlone":[],"legalHold":0,"missing":[],"mode":"live","notLooked":0,"nothing":[],"policy":"3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb","received":["ann@contoso.example","bob@contoso.example"],"recipients":["295e4837-f3dd-49dc-8f87-e549dd928ff9","f6f25702-394b-4431-ba18-36a32a74e41c"],"resolvedAt":"2026-11-20T08:00:01.000Z","shielded":[],"takenIn":[],"tenant":"00000000-0000-4000-8000-00000000c0de","terms":{"contain":{"actFirst":true,"escalation":[],"expiryMinutes":30,"is":"asked","reason":false,"recipientsMay":false,"rule":"at once","seats":[{"count":2,"role":"approver"}],"stepUp":null},"flag":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"flag","seats":[{"count":1,"role":"approver"}],"stepUp":null},"hard-purge":{"is":"refused","rule":null,"why":"no rule of the policy allows hard-purge here"},"purge":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null},"restore":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null}},"tooFew":[],"trackingCut":false,"unreachable":[],"unresolved":[],"unsure":[],"version":2,"vip":0}');
INSERT INTO public.plan VALUES ('00000000-0000-4000-8000-00000000c0de', '0c6a35354fa57444847e983a772b13dfcad4c58eec8732f6408f41c1fb6a3254', 'CB-0004', '{"asked":["ann@contoso.example","bob@contoso.example"],"copies":[{"address":"ann@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"295e4837-f3dd-49dc-8f87-e549dd928ff9","message":"m7","receivedAt":"2026-11-20T08:00:00Z"},{"address":"bob@contoso.example","categories":[],"flag":"notFlagged","folder":"Inbox","folderId":"inbox","isRead":false,"mailbox":"f6f25702-394b-4431-ba18-36a32a74e41c","message":"m8","receivedAt":"2026-11-20T08:00:00Z"}],"denied":[],"failed":[],"finders":[{"asOf":"2026-11-20T08:00:01.000Z","cutOff":false,"detail":"","found":0,"name":"hunting","status":"off"}],"forms":{"internetMessageIds":["<open@mailer.example>"],"senders":["billing@fabrikam.example"]},"foundBy":"recipients","grownFrom":null,"id":"e30891ee-989d-4359-b84c-cac72922bf7b","incident":"CB-0004","key":{"identified":[],"internetMessageId":"<open@mailer.example>","networkMessageId":null,"receivedAt":null,"sender":"billing@fabrikam.example","subject":"Invoice overdue"},"leftAlone":[],"legalHold":0,"missing":[],"mode":"live","notLooked":0,"nothing":[],"policy":"9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f","received":["ann@contoso.example","bob@contoso.example"],"recipients":["295e4837-f3dd-49dc-8f87-e549dd928ff9","f6f25702-394b-4431-ba18-36a32a74e41c"],"resolvedAt":"2026-11-20T08:00:01.000Z","shielded":[],"takenIn":[],"tenant":"00000000-0000-4000-8000-00000000c0de","terms":{"contain":{"is":"refused","rule":null,"why":"no rule of the policy allows contain here"},"flag":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"flag","seats":[{"count":1,"role":"approver"}],"stepUp":null},"hard-purge":{"is":"refused","rule":null,"why":"no rule of the policy allows hard-purge here"},"purge":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null},"restore":{"actFirst":false,"escalation":[],"expiryMinutes":60,"is":"asked","reason":false,"recipientsMay":false,"rule":"purge or undo","seats":[{"count":2,"role":"approver"}],"stepUp":null}},"tooFew":[],"trackingCut":false,"unreachable":[],"unresolved":[],"unsure":[],"version":2,"vip":0}');
INSERT INTO public.policy_current VALUES ('00000000-0000-4000-8000-00000000c0de', '9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f', '2026-11-20T08:00:01.000Z');
INSERT INTO public.policy_version VALUES ('00000000-0000-4000-8000-00000000c0de', '9bfe334618cb1d43e8554440567bc7f8985e14031b54629cce78bee71c89d80f', '{"version":1,"roles":{"approver":{"people":["11111111-0000-4000-8000-000000000001","11111111-0000-4000-8000-000000000002","11111111-0000-4000-8000-000000000003"],"entraGroups":[],"slackUserGroups":[]}},"linkByEmail":false,"mailboxes":{"vip":{"addresses":[],"entraGroups":[]},"legalHold":{"addresses":[],"entraGroups":[]},"protected":[]},"caps":{"tenant":{"mailboxesPerHour":1000},"analyst":{},"override":[{"role":"approver","count":1}]},"stop":{"lift":[{"role":"approver","count":2}]},"verbs":{"reject":[{"role":"approver","count":1}],"reopen":[{"role":"approver","count":1}],"takeIn":[{"role":"approver","count":1}],"cancel":[{"role":"approver","count":1}]},"whenNobodyIsLeft":{},"retention":{"days":400},"rules":[{"name":"purge or undo","when":{"action":["purge","undo"]},"approve":[{"role":"approver","count":2}],"expiryMinutes":60,"escalation":[],"reason":false,"actFirst":false},{"name":"flag","when":{"action":["flag"]},"approve":[{"role":"approver","count":1}],"expiryMinutes":60,"escalation":[],"reason":false,"actFirst":false}]}', '2026-11-20T08:00:01.000Z');
INSERT INTO public.policy_version VALUES ('00000000-0000-4000-8000-00000000c0de', '3c88ba83a194ec6385c4c8e81c56e54b76099b05c56f8616b2a6c3e8ef3faddb', '{"version":1,"roles":{"approver":{"people":["11111111-0000-4000-8000-000000000001","11111111-0000-4000-8000-000000000002","11111111-0000-4000-8000-000000000003"],"entraGroups":[],"slackUserGroups":[]}},"linkByEmail":false,"mailboxes":{"vip":{"addresses":[],"entraGroups":[]},"legalHold":{"addresses":[],"entraGroups":[]},"protected":[]},"caps":{"tenant":{"mailboxesPerHour":1000},"analyst":{},"override":[{"role":"approver","count":1}]},"stop":{"lift":[{"role":"approver","count":2}]},"verbs":{"reject":[{"role":"approver","count":1}],"reopen":[{"role":"approver","count":1}],"takeIn":[{"role":"approver","count":1}],"cancel":[{"role":"approver","count":1}]},"whenNobodyIsLeft":{},"retention":{"days":400},"rules":[{"name":"at once","when":{"action":["contain"]},"approve":[{"role":"approver","count":2}],"expiryMinutes":30,"escalation":[],"reason":false,"actFirst":true},{"name":"purge or undo","when":{"action":["purge","undo"]},"approve":[{"role":"approver","count":2}],"expiryMinutes":60,"escalation":[],"reason":false,"actFirst":false},{"name":"flag","when":{"action":["flag"]},"approve":[{"role":"approver","count":1}],"expiryMinutes":60,"escalation":[],"reason":false,"actFirst":false}]}', '2026-11-20T08:00:01.000Z');
INSERT INTO public.room VALUES ('00000000-0000-4000-8000-00000000c0de', 'slack', 11, NULL, '2026-11-30 00:44:52.406041+00', 4, '2026-11-30 00:44:49.538025+00', NULL, '-infinity', NULL, NULL);
INSERT INTO public.room VALUES ('00000000-0000-4000-8000-00000000c0de', 'teams', 9, NULL, '2026-11-30 00:44:52.823574+00', 4, '2026-11-30 00:44:49.734441+00', NULL, '-infinity', NULL, NULL);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-4000-8000-00000000c0de', '0f5cf930-0f14-4bf8-94b7-02027261742a', 'CB-0001', 'purge', 'b1b631365335e04cc00df3dc0799a736bf69302e38daac9555d64358978bd61c', 'finished', '["11111111-0000-4000-8000-000000000001","11111111-0000-4000-8000-000000000002"]', '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', 1, 'live', 'approved', 2, '2026-11-20T08:00:01.000Z', NULL);
INSERT INTO public.run OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-4000-8000-00000000c0de', '7f67f757-8cc5-4399-b055-58f25371c0b5', 'CB-0003', 'contain', '2a71eccd6a0da579cdfbf8a2f7c36fb7e0abb082f18f15a49dd719a74806aa47', 'finished', '[]', '2026-11-20T08:00:01.000Z', '2026-11-20T08:00:01.000Z', 2, 'live', 'policy', 2, NULL, NULL);
INSERT INTO public.schema_migration VALUES ('0001_spine', '2026-11-30T00:44:42.886Z');
INSERT INTO public.schema_migration VALUES ('0002_approvals', '2026-11-30T00:44:42.997Z');
INSERT INTO public.schema_migration VALUES ('0003_authority', '2026-11-30T00:44:43.033Z');
INSERT INTO public.schema_migration VALUES ('0004_alive', '2026-11-30T00:44:43.149Z');
INSERT INTO public.schema_migration_lock VALUES ('migration_lock', 0);
INSERT INTO public.work_item VALUES ('00000000-0000-4000-8000-00000000c0de', '0f5cf930-0f14-4bf8-94b7-02027261742a', 0, '295e4837-f3dd-49dc-8f87-e549dd928ff9', 'ann@contoso.example', 'm1', 'inbox', 'Inbox', '{"internetMessageId":"<purged@mailer.example>","sender":"billing@fabrikam.example","folderId":"inbox","isRead":false,"flag":"notFlagged","categories":[],"inRecoverableItems":false}', 'done', 1, 1, '2026-11-30 00:44:50.389379+00', NULL, '2026-11-20T08:00:01.000Z', 'removed', 'seen in Recoverable Items, from where its owner can still recover it', '9bd5c43e-d339-4549-9ac0-39bf1b9a3faf', '-infinity');
INSERT INTO public.work_item VALUES ('00000000-0000-4000-8000-00000000c0de', '0f5cf930-0f14-4bf8-94b7-02027261742a', 1, 'f6f25702-394b-4431-ba18-36a32a74e41c', 'bob@contoso.example', 'm2', 'inbox', 'Inbox', '{"internetMessageId":"<purged@mailer.example>","sender":"billing@fabrikam.example","folderId":"inbox","isRead":false,"flag":"notFlagged","categories":[],"inRecoverableItems":false}', 'done', 1, 1, '2026-11-30 00:44:50.389445+00', NULL, '2026-11-20T08:00:01.000Z', 'removed', 'seen in Recoverable Items, from where its owner can still recover it', 'e63a3a64-368d-4621-8424-00f3868029f4', '-infinity');
INSERT INTO public.work_item VALUES ('00000000-0000-4000-8000-00000000c0de', '7f67f757-8cc5-4399-b055-58f25371c0b5', 0, '295e4837-f3dd-49dc-8f87-e549dd928ff9', 'ann@contoso.example', 'm5', 'inbox', 'Inbox', '{"internetMessageId":"<contained@mailer.example>","sender":"billing@fabrikam.example","folderId":"inbox","isRead":false,"flag":"notFlagged","categories":[],"inRecoverableItems":false}', 'done', 1, 1, '2026-11-30 00:44:51.843167+00', NULL, '2026-11-20T08:00:01.000Z', 'removed', 'seen in Recoverable Items, from where its owner can still recover it', '75e5db8c-5f6d-4954-aed4-0c8012d12103', '-infinity');
INSERT INTO public.work_item VALUES ('00000000-0000-4000-8000-00000000c0de', '7f67f757-8cc5-4399-b055-58f25371c0b5', 1, 'f6f25702-394b-4431-ba18-36a32a74e41c', 'bob@contoso.example', 'm6', 'inbox', 'Inbox', '{"internetMessageId":"<contained@mailer.example>","sender":"billing@fabrikam.example","folderId":"inbox","isRead":false,"flag":"notFlagged","categories":[],"inRecoverableItems":false}', 'done', 1, 1, '2026-11-30 00:44:51.843279+00', NULL, '2026-11-20T08:00:01.000Z', 'removed', 'seen in Recoverable Items, from where its owner can still recover it', '25dcb9ed-62cf-42b5-bb4c-81c32b1025d2', '-infinity');
SELECT pg_catalog.setval('public.decision_ord_seq', 3, true);
SELECT pg_catalog.setval('public.lift_vote_ord_seq', 1, false);
SELECT pg_catalog.setval('public.run_ord_seq', 2, true);
ALTER TABLE ONLY public.brake
    ADD CONSTRAINT brake_pkey PRIMARY KEY (tenant);
ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (tenant, incident, platform);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (tenant, incident, plan_digest, action, person);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (tenant, source, delivery_id);
ALTER TABLE ONLY public.incident_key
    ADD CONSTRAINT incident_key_pkey PRIMARY KEY (tenant, key, incident);
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (tenant, id);
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_tenant_dedupe_key_key UNIQUE (tenant, dedupe_key);
ALTER TABLE ONLY public.kv
    ADD CONSTRAINT kv_pkey PRIMARY KEY (ns, k);
ALTER TABLE ONLY public.ledger_head
    ADD CONSTRAINT ledger_head_pkey PRIMARY KEY (tenant);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (tenant, seq);
ALTER TABLE ONLY public.lift_vote
    ADD CONSTRAINT lift_vote_pkey PRIMARY KEY (tenant, number, person);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (tenant, platform, account);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_tenant_platform_person_key UNIQUE (tenant, platform, person);
ALTER TABLE ONLY public.mailbox_flag
    ADD CONSTRAINT mailbox_flag_pkey PRIMARY KEY (tenant, mailbox, incident);
ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (tenant, digest);
ALTER TABLE ONLY public.policy_current
    ADD CONSTRAINT policy_current_pkey PRIMARY KEY (tenant);
ALTER TABLE ONLY public.policy_version
    ADD CONSTRAINT policy_version_pkey PRIMARY KEY (tenant, digest);
ALTER TABLE ONLY public.replay
    ADD CONSTRAINT replay_pkey PRIMARY KEY (tenant, kind, key);
ALTER TABLE ONLY public.room
    ADD CONSTRAINT room_pkey PRIMARY KEY (tenant, platform);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (tenant, id);
ALTER TABLE ONLY public.schema_migration_lock
    ADD CONSTRAINT schema_migration_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (tenant, id);
ALTER TABLE ONLY public.work_item
    ADD CONSTRAINT work_item_pkey PRIMARY KEY (tenant, run, seq);
CREATE INDEX card_due ON public.card USING btree (tenant, platform) WHERE (due OR (lease IS NOT NULL));
CREATE INDEX card_gathered ON public.card USING btree (tenant, platform, gathered) WHERE (gathered IS NOT NULL);
CREATE INDEX delivery_by_time ON public.delivery USING btree (tenant, at);
CREATE INDEX incident_by_parent ON public.incident USING btree (tenant, parent) WHERE (parent IS NOT NULL);
CREATE INDEX incident_by_previous ON public.incident USING btree (tenant, previous) WHERE (previous IS NOT NULL);
CREATE INDEX incident_by_state ON public.incident USING btree (tenant, state);
CREATE INDEX incident_closed ON public.incident USING btree (tenant, updated_at, id) WHERE ((state = ANY (ARRAY['rejected'::text, 'expired'::text, 'purged'::text, 'restored'::text, 'rehearsed'::text])) AND (breach IS NULL));
CREATE INDEX incident_key_by_incident ON public.incident_key USING btree (tenant, incident);
CREATE INDEX incident_newest ON public.incident USING btree (tenant, created_at DESC, id);
CREATE INDEX incident_waiting ON public.incident USING btree (tenant, state) WHERE ((state = ANY (ARRAY['received'::text, 'open'::text, 'flagged'::text, 'contained'::text])) AND (breach IS NULL));
CREATE INDEX ledger_by_incident ON public.ledger USING btree (tenant, incident, seq);
CREATE INDEX ledger_by_type ON public.ledger USING btree (tenant, incident, type);
CREATE INDEX mailbox_flag_by_incident ON public.mailbox_flag USING btree (tenant, incident);
CREATE INDEX plan_by_incident ON public.plan USING btree (tenant, incident);
CREATE INDEX replay_by_time ON public.replay USING btree (tenant, at);
CREATE INDEX run_by_incident ON public.run USING btree (tenant, incident);
CREATE INDEX run_by_start ON public.run USING btree (tenant, started_at);
CREATE INDEX run_open ON public.run USING btree (tenant) WHERE (state = 'running'::text);
CREATE INDEX ticket_by_account ON public.ticket USING btree (tenant, platform, account);
CREATE INDEX ticket_by_expiry ON public.ticket USING btree (tenant, expires_at);
CREATE INDEX work_item_by_address ON public.work_item USING btree (tenant, run, address, seq);
CREATE INDEX work_item_by_message ON public.work_item USING btree (tenant, mailbox, message);
CREATE INDEX work_item_by_outcome ON public.work_item USING btree (tenant, run, outcome);
CREATE INDEX work_item_due ON public.work_item USING btree (tenant, run, not_before) WHERE (state = 'ready'::text);
CREATE INDEX work_item_held ON public.work_item USING btree (tenant, run, lease_until) WHERE (state = 'leased'::text);
CREATE INDEX work_item_leased ON public.work_item USING btree (tenant, mailbox) WHERE (state = 'leased'::text);
CREATE INDEX work_item_open ON public.work_item USING btree (tenant, run, seq) WHERE (state = ANY (ARRAY['ready'::text, 'leased'::text]));
CREATE INDEX work_item_ready ON public.work_item USING btree (tenant, mailbox) WHERE (state = 'ready'::text);
CREATE TRIGGER ledger_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_is_append_only();
