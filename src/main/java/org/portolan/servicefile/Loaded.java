package org.portolan.servicefile;

import java.util.List;
import org.portolan.model.Problem;
import org.portolan.model.service.Desired;

/** What a Servicefile says: its deployments in the file's order, and what is doubtful about it. */
public record Loaded(List<Desired> deployments, List<Problem> warnings) {}
