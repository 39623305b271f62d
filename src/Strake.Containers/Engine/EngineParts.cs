namespace Strake.Containers.Engine;

/// <summary>The engine's operations, one noun each.</summary>
sealed record EngineParts(
    EngineContext Context,
    ContainerCreation Creation,
    ContainerControl Control,
    ContainerRemoval Removal,
    ContainerPrune Prune,
    ContainerStreams Streams,
    ContainerExecs Execs,
    ContainerContent Content,
    ContainerArchives Archives,
    ContainerProcesses Processes);
