/**
 * Migrations of the databases of codex 0.169.0, by file: what its `_sqlx_migrations` tables hold after a first start.
 * Each line is version, checksum, and the checksum that the same SQL text has with Windows line endings: builds made
 * from such a checkout recorded those, and every other build refuses the database. Checksums are the first 16 hex digits
 * of a SHA-384; both were computed from the SQL texts in the released Linux binary and match what it recorded.
 * `memories_v2_1.sqlite` is not created by that release's ordinary start, so its migrations are not known.
 */
export const KNOWN_MIGRATIONS: Readonly<Record<string, string>> = {
  'goals_1.sqlite': `
1 8ce6280244a0b4b3 9d4af4ba7688052d
2 f3ff7de2fd899148 718f2d3d4978fc29`,
  'logs_2.sqlite': `
1 009639eafe599be9 f477e6056db490de
2 cf6c93af074a9022 ceb8935d858fdef3`,
  'memories_1.sqlite': `
1 a1af50da50775a70 7178a6d5072f7aa0
2 18f0a8dd7fe9a847 0bb29c63a0065f64`,
  'queue_1.sqlite': `
1 cea113c9a74fe4ed 21910955e848becb
2 983a2b17b454feb0 c56ac47da8377bd8`,
  'state_5.sqlite': `
1 627ef19164c9bb29 54bbd6f47905a4e4
2 521b72cbc04c7d03 4f866d7ecd0e71d3
3 e58a2862bdb66d32 5ba8ce5778eb03a8
4 8adc251366e4c7e5 ec5413b05d68aeff
5 1ac64f85e083e5b4 5b9674726067e633
6 a203fc4b597e1420 dc507991fac6554a
7 7e35a464df6d4c82 d8bfee50161e8bf7
8 aa3f287f7a448554 e48b6cfdfe480a9b
9 8b469360777e6dd6 4acf556b21f49dfc
10 8adaf1365f8e5dee a132200cf74910db
11 31ececbd07f04452 4e3237fbad8d643a
12 0012a213ed25f2cf 39cc998ae8b835a7
13 05526a0900a84305 86910312e7931de4
14 4d2fbb2442c5c5c7 12275bdf6bd16855
15 0eece6db59c948fa 8104857bcb63e966
16 4768f743e9812937 a6aa6c86b2594802
17 4cbdb2edfebf6040 6fe02a550e205a8d
18 a4363003bc44f0a4 52c982fa4da6e05c
19 3884c02f080f0184 570f9e6b85368a4a
20 07673f4859f74013 f3ae77b21667b4bd
21 ea1aebe4f5a1d56c 983c1fca08da60b8
22 160fe01b757dd06f 49dd725de92864e3
23 e6c748a9a18286e4 e84e5ddfa2988828
24 e92aa526b1f36e26 26f2a3548bfefa91
25 d6fb51d79941b93c c9b9138a1592b3b7
26 6c62a325d3b9ca8e 83cd22369f0b5146
27 d84dca6a039e004c 08d17426b921f3ff
28 ef44adaa291e40df dc89cb6011729570
29 e9ec76f97dbf41ce 48d0745631d4ed86
30 80c1cdacd4520b42 884936a3bbbe9732
31 943675a9b3dc92d0 709a7c7171422075
32 3c01d615c5e3aba0 a1d3a079eb183895
33 4904aae354e3d8ce 059d9619558ba112
34 d6fea739c76ebdef 43d68f835032ecbe
35 d7b56acb07c96858 511cf81620de449e
36 6381f7bb4c36be41 53369c6f679ae28c
37 f6a5ab0db36bb9e4 438c5ae9ce503c48
38 e7778522cbe529f5 c6e28f890545146f
39 c217b3d14c08c236 1147d36849ddd43b
40 a7a99674f90a4318 242209d2a240e860
41 0dc734dbe4cbcc5a 14fb95715f7e597e
42 cfdc4fd47328d1b6 815a1f0cbe21ac7f
43 605128e722bd2521 9b2a199a557f5a92
44 5d29223bd1cafe45 dfa22384943e691a
45 a7fadc8caea8b6ab d99495ac371f2f50
46 63addf6115c3fb1a d41bfc128c10e85f
47 1ae117e4ab40813d 0588f3862c25af8a
48 9d298333f7523010 0882fc76871ef5e5
49 faf45c392bb85720 6027cdb383c85014
50 d2802e96f5fc1900 130cad59f2cd5b32
51 23360a03a7fc307c 23cd26d16f40cc6b
52 071e96313d402e4c 6f4998df2c3de4e4
53 e86ef7ccbcc891b1 1a77af904abb9581
54 e62a9977d99c7eab ba91ec1ae9e505ec
55 6daadc5527b3f57f 2ec70c72dbe2c8ad
56 5de44fac5505249b 4ef7100da8a52d8d
57 729562c57bfa8b43 f84885b4f2f66492
58 68467af3ce1ff097 11ba7ef8c0291b94
59 4297dffb4fb308f0 28ac43b18c07b3da
60 d7f0cf0a69fa7199 4aa9f1ce86ac6741
61 4a8337048bb958a2 0e2e8a05acbe2687
62 dab8b7c8390f9c76 875ffaacaf8d6f3e`,
  'thread_history_1.sqlite': `
1 2ad9a4ab17df511f 3d81349432ecbf6e
2 ae61dbc1a6422530 1461cffa3015c335
3 a51da2a11df7760d cce3adb187490e28
4 65f33b171bd3aafe 6a2824bee2b0670c
5 2fdad8e361dc1f82 bdfaf405f3b733cf
6 02ed82d375adb58b 7ae052fd42a8ab1e
7 9334adb4cda79211 852814c808c7a621
8 94635cd58535adb1 745e4ee42b02c79c`,
};

/** The table that the first migration creates: where it stands already, without a record, that migration fails. */
export const FIRST_TABLES: Readonly<Record<string, string>> = {
  'goals_1.sqlite': 'thread_goals',
  'logs_2.sqlite': 'logs',
  'memories_1.sqlite': 'stage1_outputs',
  'queue_1.sqlite': 'queued_items',
  'state_5.sqlite': 'threads',
  'thread_history_1.sqlite': 'thread_turns',
};
