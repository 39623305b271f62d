namespace Strake.Layers.Tests.Store;

/// <summary>The process has died; what its code does with this exception has no effect any more.</summary>
sealed class DeathException() : Exception("dead");
