using System.Text.Json.Serialization;

namespace Strake.Daemon.Building;

/// <summary>The serializers of answers.</summary>
[JsonSerializable(typeof(QuestionBody[]))]
[JsonSerializable(typeof(LintBody))]
[JsonSerializable(typeof(TargetsBody))]
[JsonSerializable(typeof(OutlineBody))]
sealed partial class QuestionJson : JsonSerializerContext;
