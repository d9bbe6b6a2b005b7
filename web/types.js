// The shapes of the API's answers (see /api/openapi.json), for the type checker. Moments are RFC 3339 text in UTC.

/**
 * @typedef {"kk" | "ru" | "en"} Language
 * @typedef {"parent" | "staff" | "director" | "inspector" | "operator"} Role
 *
 * @typedef {object} Account
 * @property {string} id
 * @property {string} name
 * @property {string} login Phone number or e-mail address.
 * @property {Role} role
 * @property {Language} language
 *
 * @typedef {"set" | "offered" | "needed"} FactorState How it stands with the code at log-in.
 *
 * @typedef {object} Kindergarten
 * @property {string} id
 * @property {string} name
 * @property {string} zone IANA name; every time of this kindergarten is shown by it.
 * @property {string | null} district
 * @property {Language[]} languages In which it speaks with its people.
 * @property {string | null} watermark What its pictures carry of this viewer; null where it is turned off.
 * @property {Shortfall[]} shortfalls What will be missing of its recordings; for directors and inspectors.
 * @property {ClockDoubt | null} clock Why nothing goes because of its age, where the gateway's clock is not believed; for directors and inspectors.
 * @property {string | null} from First day of an inspector's assignment, YYYY-MM-DD.
 * @property {string | null} to Last day of it.
 *
 * @typedef {object} ClockDoubt The gateway's clock was set, and is not believed.
 * @property {"clock_ahead" | "clock_behind"} code
 * @property {string} expected What it should have shown.
 * @property {string} shown What it showed.
 * @property {string} until When it is believed, if it stays so.
 *
 * @typedef {object} Shortfall Less will be kept of cameras than is asked for.
 * @property {"room" | "bytes"} cause
 * @property {number} wanted Days.
 * @property {number} fits Days.
 * @property {string} from From about when on; what is past has begun.
 * @property {string[]} cameras
 *
 * @typedef {object} Child
 * @property {string} id
 * @property {string} name
 * @property {string} kindergarten
 * @property {string | null} group In whose room it is today.
 * @property {string | null} home The name of its own group, where that is another today.
 * @property {boolean} restricted
 * @property {News[]} news The nearest day first.
 * @property {{standing: ConsentStanding, asked: boolean} | null} consent To the camera; null where this parent is not asked.
 *
 * @typedef {"given" | "missing" | "declined" | "withdrawn" | "asked_again"} ConsentStanding
 *
 * @typedef {object} ConsentText A version of what families are asked.
 * @property {number} version
 * @property {string} kk
 * @property {string} ru
 * @property {string | null} en
 * @property {string | null} asks_again_from YYYY-MM-DD; from then on answers to earlier versions are no longer good.
 * @property {string} published_at
 *
 * @typedef {object} News What changed for a child, or is to come.
 * @property {"hours" | "week" | "moved" | "with" | "joined" | "camera_added" | "camera_removed" | "paused"} kind
 * @property {string} date YYYY-MM-DD.
 * @property {string} [to] The last day, of hours.
 * @property {string[]} [hours] Those of each of the days, HH:MM-HH:MM; none means closed.
 * @property {string} [name] Of the group or camera.
 * @property {Window} [span]
 * @property {string} [reason]
 *
 * @typedef {object} Group
 * @property {string} id
 * @property {string} name
 * @property {string} kindergarten
 * @property {number} viewers
 *
 * @typedef {object} Facts What a code is accompanied by; each only where it says something.
 * @property {string | null} [opens_at]
 * @property {string | null} [until]
 * @property {string | null} [since]
 * @property {string | null} [reason]
 * @property {number | null} [retry_after] Seconds.
 * @property {string | null} [field] Which field of a form is wrong.
 * @property {string} [label] What the form calls it.
 *
 * @typedef {Facts & {code: string}} State How a camera stands for this account: `live`, or the code of a refusal.
 *
 * @typedef {object} Window
 * @property {string} start
 * @property {string} end
 *
 * @typedef {[number, number, number, number]} Area Left, top, width and height, in thousandths of a picture.
 *
 * @typedef {object} Camera
 * @property {string} id
 * @property {string} name
 * @property {string} kindergarten
 * @property {string | null} group Null for the yard, the hall, the canteen.
 * @property {boolean} sound
 * @property {Area[]} masks What nobody is to see of its picture.
 * @property {number} viewers All who watch it now, this account included.
 * @property {State} state
 * @property {Window[]} today
 *
 * @typedef {object} System What an operator sees.
 * @property {string} version
 * @property {string} started_at
 * @property {string} database
 * @property {{online: number, failed: number, idle: number}} cameras
 * @property {number} viewers
 * @property {number} viewings_today
 * @property {number} audit_size
 * @property {string | null} last_checkpoint_at
 *
 * @typedef {object} TodayState How a group stands for its parents.
 * @property {"open" | "closed" | "paused" | "group_consent"} code
 * @property {string | null} until When it closes, or the pause ends.
 * @property {string | null} opens_at
 * @property {string | null} reason Why it is paused, or this date has other hours.
 *
 * @typedef {object} TodayGroup
 * @property {string} id
 * @property {string} name
 * @property {TodayState} state
 * @property {string | null} host The group in whose room its children are today, where that is not its own.
 * @property {number} children How many are in it today.
 * @property {{id: string, name: string}[]} absent Those of them who stay away today.
 * @property {number} without_consent How many of those in its room keep it closed for want of consent.
 *
 * @typedef {object} TodayPause Neither a group nor a camera means everything.
 * @property {string} id
 * @property {string | null} group
 * @property {string | null} camera
 * @property {string} from
 * @property {string} until
 * @property {string} reason
 * @property {string | null} by The name of who ordered it.
 *
 * @typedef {object} TodayWatcher
 * @property {string} account
 * @property {string} name
 * @property {Role} role
 * @property {string} since
 *
 * @typedef {object} Defect What is wrong with a camera although its pictures arrive.
 * @property {"black" | "covered" | "frozen" | "wrong_clock"} code
 * @property {string} since
 *
 * @typedef {object} TodayCamera
 * @property {string} id
 * @property {string} name
 * @property {string | null} group
 * @property {Defect[]} defects
 * @property {TodayWatcher[]} watching
 *
 * @typedef {object} TodayRequest A parent asks that somebody else may look for some days.
 * @property {string} id
 * @property {string} child_name
 * @property {string} asked_by
 * @property {string} name
 * @property {string} login
 * @property {string} from YYYY-MM-DD.
 * @property {string} to
 *
 * @typedef {"picture" | "seen" | "other"} AppealKind What a parent complains of.
 * @typedef {"reported" | "answered" | "fixed" | "closed" | "replied" | "reopened"} AppealAct What somebody did about it.
 * @typedef {"waiting" | "answered" | "fixed" | "closed"} AppealState
 *
 * @typedef {object} TodayAppeal A problem that a parent reported, and that waits for the director.
 * @property {string} id
 * @property {string} account
 * @property {string} name
 * @property {string} child_name
 * @property {string | null} group_name
 * @property {string | null} camera
 * @property {string | null} camera_name
 * @property {string} minute
 * @property {AppealKind} kind
 * @property {AppealAct} act What the parent did last.
 * @property {string} words
 * @property {string} since
 *
 * @typedef {{waiting: number, oldest: TodayAppeal[]}} TodayAppeals
 *
 * @typedef {{name: string, at: string, from: string, to: string}} TodayAlarm A panic button was pressed; `name` is where.
 *
 * @typedef {object} Today How a kindergarten stands, as its director sees it.
 * @property {string} kindergarten
 * @property {("children" | "cameras" | "hours" | "invitations")[]} missing What it still lacks before the first parent sees a picture.
 * @property {TodayGroup[]} groups
 * @property {TodayPause[]} pauses In force, or to come.
 * @property {TodayCamera[]} cameras
 * @property {{account: string, name: string, since: string}[]} inspecting Inspectors who look at how it is run.
 * @property {TodayRequest[]} requests What waits for the director.
 * @property {TodayAppeals} appeals What parents reported, and waits as well.
 * @property {TodayAlarm[]} alarms Of the last day, the newest first.
 *
 * @typedef {object} Me Everything that the pages of one account show.
 * @property {string} now
 * @property {string} csrf
 * @property {Account} account
 * @property {Kindergarten[]} kindergartens
 * @property {Child[]} children
 * @property {Group[]} groups
 * @property {Camera[]} cameras
 * @property {FactorState | null} second_factor For roles that have one; while it is needed, the rest is empty.
 * @property {number | null} revision Grows with every change to what directors and inspectors are shown.
 * @property {{steps: number, state: AppealState} | null} appeals How it stands with what a parent reported; `steps` grows with it.
 * @property {Today[]} today A director's.
 * @property {System | null} system
 *
 * @typedef {Facts & {session: string, camera: string, code: string}} Ended The server ended a stream, and why.
 */

export {};
