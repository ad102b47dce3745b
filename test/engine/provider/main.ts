/** The stand-in as a process: prints its port and stays until it is ended. For PULUMI_DEBUG_PROVIDERS=aws:<port>. */
import { Accounts } from "./accounts";
import { StandIn } from "./standIn";

void StandIn.start(new Accounts()).then(({ port }) => console.log(port));
