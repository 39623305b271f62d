namespace Strake.Kubernetes.Objects;

/// <summary>One of the reasons why a call failed.</summary>
/// <param name="Reason">In one word: <c>FieldValueRequired</c>.</param>
/// <param name="Message">For a person.</param>
/// <param name="Field">The path of the field, <c>spec.accessModes</c>; empty: none.</param>
public sealed record StatusCause(string Reason, string Message, string Field);
