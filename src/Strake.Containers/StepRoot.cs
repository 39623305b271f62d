using Strake.Images;

namespace Strake.Containers;

/// <summary>
/// The file system of a build step's container. Such a container belongs to its build: users do not see it, nothing is told of it, and a daemon
/// that starts removes those of the one before.
/// </summary>
/// <param name="Chain">The file system that it starts from; null: an empty one.</param>
/// <param name="SecretVariables">Variables that are kept in no record, <c>NAME=value</c>; null: none.</param>
public sealed record StepRoot(ChainId? Chain, IReadOnlyList<string>? SecretVariables = null);
