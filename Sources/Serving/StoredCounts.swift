// The store's names for what the mirror has types of the same names for; a file that imports the store alone can tell
// them apart, since the module and its main type are both called PairStore.

import PairStore

typealias StoredFunnelMinute = FunnelMinute
typealias StoredDayTraffic = DayTraffic
